'use client';
import { EndSilence } from '../../graph/generated/operations';
import type { AlertSilencesQuery } from '../../graph/generated/types';
import { useAction } from '../../graph/useGraph';
import { actorName } from '../../parts/ActorName';
import { RelativeTime } from '../../parts/RelativeTime';
import { whichAlerts } from '../../parts/whichAlerts';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { duration } from '../../words/format';
import { say, sayWith } from '../../words/say';

type Silence = NonNullable<AlertSilencesQuery['alertSilences']>['nodes'][number];

interface SilenceItemProps {
  readonly silence: Silence;
  readonly ruleNames: ReadonlyMap<string, string>;
  readonly may: boolean;
}

export function SilenceItem({ silence, ruleNames, may }: SilenceItemProps) {
  const end = useAction(EndSilence, { refreshes: ['AlertSilences'], done: say('The silence is over.') });
  const isOver = silence.endedAt !== null || (!silence.active && !silence.nextAt);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{silence.comment}</p>
        <p className="text-xs text-faint">
          {[whichAlerts(silence.matchers, ruleNames), actorName(silence.createdBy)].join(' · ')}
          {silence.rrule && ` · ${silence.rrule}, ${duration((silence.durationSeconds ?? 0) * 1_000)}`}
        </p>
      </div>
      <span className="text-xs text-faint">
        {silence.active || isOver
          ? sayWith('until {time}', { time: <RelativeTime time={silence.endedAt ?? silence.endsAt} /> })
          : sayWith('begins {time}', { time: <RelativeTime time={silence.nextAt} /> })}
      </span>
      {silence.kind === 'MAINTENANCE' && <Badge tone="busy">{say('Planned work')}</Badge>}
      <Badge tone={silence.active ? 'warn' : 'rest'}>
        {silence.active ? say('Quiet now') : isOver ? say('Ended') : say('To come')}
      </Badge>
      {may && !isOver && (
        <Button size="small" busy={end.isPending} onClick={() => end.mutate({ input: { id: silence.id } })}>
          {say('End it')}
        </Button>
      )}
    </li>
  );
}
