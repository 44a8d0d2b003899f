'use client';
import { memo, useState } from 'react';
import { FlowLog } from '../../graph/generated/operations';
import { request } from '../../graph/request';
import { sentenceOf } from '../../graph/sentenceOf';
import { useSession } from '../../session/SessionProvider';
import { Button } from '../../ui/Button';
import { classes } from '../../ui/classes';
import { Empty } from '../../ui/states';
import { clock, label, moment, nameOf } from '../../words/format';
import type { FlowFacts } from './patchFlow';
import { say } from '../../words/say';

type LogEvent = FlowFacts['events']['nodes'][number];

const tones: Readonly<Record<string, string>> = {
  'flow.failed': 'text-bad',
  'phase.failed': 'text-bad',
  'flow.succeeded': 'text-good',
  'phase.succeeded': 'text-good',
};

/** Every event of the flow, newest first; older ones are read when they are asked for. */
export function EventLog({ flow }: { readonly flow: FlowFacts }) {
  const session = useSession();
  const [read, setOlder] = useState<{ readonly events: readonly LogEvent[]; readonly before: string | null } | null>(
    null,
  );
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { nodes, pageInfo } = flow.events;
  // A long rush pushes events out between those that were read and those that are kept: the log has no gap, it ends earlier.
  const older = read && joins(read.events, nodes) ? read : null;
  const before = older ? older.before : pageInfo.hasPreviousPage ? (pageInfo.startCursor ?? null) : null;
  const titles = new Map(flow.phases.map((phase) => [phase.name, nameOf(phase.title)]));
  const known = new Set(nodes.map(({ sequence }) => sequence));
  const all = [...(older?.events ?? []).filter(({ sequence }) => !known.has(sequence)), ...nodes].reverse();

  const readOlder = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const { data } = await request(session, FlowLog, { id: flow.id, before });
      const page = data.flow?.events;
      if (page) {
        setOlder({
          events: [...page.nodes, ...(older?.events ?? [])],
          before: page.pageInfo.hasPreviousPage ? (page.pageInfo.startCursor ?? null) : null,
        });
      }
    } catch (error) {
      setProblem(sentenceOf(error));
    }
    setBusy(false);
  };

  if (all.length === 0) return <Empty icon="scrollText" title={say('Nothing has happened yet')} />;
  return (
    <div className="rounded-lg border border-line bg-surface">
      <ol aria-label={say('Events, newest first')} className="max-h-[32rem] overflow-y-auto py-1" tabIndex={0}>
        {all.map((event) => (
          <LogLine key={event.sequence} event={event} title={titles.get(event.phase ?? '')} />
        ))}
      </ol>
      {(before || problem) && (
        <div className="flex items-center gap-3 border-t border-line px-4 py-2">
          {before && (
            <Button size="small" onClick={() => void readOlder()} busy={busy}>
              {say('Older events')}
            </Button>
          )}
          {problem && (
            <p role="alert" className="text-xs text-bad">
              {problem}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

/** Drawn once: an event does not change. Those out of sight are laid out when they are scrolled to. */
const LogLine = memo(function LogLine({
  event,
  title,
}: {
  readonly event: LogEvent;
  readonly title: string | undefined;
}) {
  const { sequence, occurredAt, type, phase, message } = event;
  return (
    <li
      data-sequence={sequence}
      className="grid grid-cols-[5rem_minmax(0,1fr)] gap-x-3 px-4 py-1 text-sm [contain-intrinsic-size:auto_1.75rem] [content-visibility:auto] sm:grid-cols-[5rem_10rem_minmax(0,1fr)]"
    >
      <time dateTime={occurredAt} title={moment(occurredAt)} className="nums text-xs leading-5 text-faint">
        {clock(occurredAt)}
      </time>
      <span className={classes('truncate text-xs leading-5', tones[type] ?? 'text-soft')}>{type}</span>
      <span className="col-span-2 min-w-0 break-words sm:col-span-1">
        {message ?? title ?? (phase ? label(phase) : '')}
      </span>
    </li>
  );
});

/** Whether no event is missing between the two: a flow counts its events one by one. */
function joins(older: readonly LogEvent[], newer: readonly LogEvent[]): boolean {
  const [last, first] = [older.at(-1), newer[0]];
  return last === undefined || first === undefined || last.sequence >= first.sequence - 1;
}
