'use client';
import { Link } from '../../host/navigation';
import { useNow } from '../../ui/useNow';
import { duration, label, moment } from '../../words/format';
import type { FlowRow } from './flowColumns';
import { ganttRows, niceTicks } from './ganttRows';
import { say } from '../../words/say';

const fills: Readonly<Record<string, string>> = {
  SUCCEEDED: 'bg-good',
  FAILED: 'bg-bad',
  RUNNING: 'bg-busy',
  QUEUED: 'bg-line-strong',
  PAUSED: 'bg-warn',
  AWAITING_APPROVAL: 'bg-warn',
  CANCELLED: 'bg-line-strong',
};

/** When each flow ran, all on one scale of time. */
export function Gantt({ flows }: { readonly flows: readonly FlowRow[] }) {
  const now = useNow();
  const { from, to, rows } = ganttRows(flows, now);
  const place = (at: number) => `${((at - from) / (to - from)) * 100}%`;
  const ticks = niceTicks(from, to, 5);
  return (
    <div className="overflow-x-auto p-4">
      <div className="grid min-w-[640px] grid-cols-[minmax(9rem,22rem)_minmax(0,1fr)] gap-x-4">
        <div />
        <div className="relative mb-1 h-5 border-b border-line text-xs text-faint">
          {ticks.map(({ at, text }) => (
            <span key={at} className="nums absolute -translate-x-1/2 whitespace-nowrap" style={{ left: place(at) }}>
              {text}
            </span>
          ))}
        </div>
        {rows.map(({ flow, begin, end, waited }) => (
          <div key={flow.id} className="contents">
            <Link
              to="flow"
              search={{ id: flow.id }}
              className="flex h-9 min-w-0 items-center truncate text-sm hover:underline"
            >
              <span className="truncate">{flow.name}</span>
            </Link>
            <Link
              to="flow"
              search={{ id: flow.id }}
              aria-label={`${flow.name}: ${label(flow.status)}, ${duration(end - begin)}`}
              title={`${moment(new Date(begin).toISOString())}: ${duration(end - begin)}`}
              className="relative h-9 border-b border-line/60"
            >
              <span
                className="absolute top-1/2 h-1 -translate-y-1/2 bg-line-strong"
                style={{ left: place(waited), width: `calc(${place(begin)} - ${place(waited)})` }}
              />
              <span
                className={`absolute top-1/2 h-4 min-w-1 -translate-y-1/2 rounded-sm ${fills[flow.status] ?? 'bg-line-strong'}`}
                style={{ left: place(begin), width: `calc(${place(end)} - ${place(begin)})` }}
              />
            </Link>
          </div>
        ))}
      </div>
      <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-faint">
        {[...new Set(flows.map(({ status }) => status))].map((status) => (
          <span key={status} className="flex items-center gap-1.5">
            <span aria-hidden className={`h-2.5 w-4 rounded-sm ${fills[status] ?? 'bg-line-strong'}`} />
            {label(status)}
          </span>
        ))}
        <span>{say('A thin line is time spent waiting before the start.')}</span>
      </p>
    </div>
  );
}
