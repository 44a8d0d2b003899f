'use client';
import { StatusBadge } from '../../parts/badges';
import { Elapsed } from '../../parts/Elapsed';
import { classes } from '../../ui/classes';
import { Icon } from '../../ui/Icon';
import { Progress } from '../../ui/Progress';
import { duration, label, nameOf } from '../../words/format';
import type { FlowFacts } from './patchFlow';
import { summaryText } from './summaryText';
import { say } from '../../words/say';

interface PhaseTimelineProps {
  readonly phases: FlowFacts['phases'];
  readonly createdAt: string;
}

const marks = {
  SUCCEEDED: { icon: 'check', style: 'bg-good-wash text-good' },
  FAILED: { icon: 'x', style: 'bg-bad-wash text-bad' },
  RUNNING: { icon: 'refreshCw', style: 'bg-busy-wash text-busy' },
  AWAITING_APPROVAL: { icon: 'triangleAlert', style: 'bg-warn-wash text-warn' },
  SKIPPED: { icon: 'ban', style: 'bg-rest-wash text-rest' },
  PENDING: { icon: 'clock', style: 'bg-rest-wash text-rest' },
} as const;

/** What the flow does, one phase below the other, with the time that passed between them. */
export function PhaseTimeline({ phases, createdAt }: PhaseTimelineProps) {
  return (
    <ol>
      {phases.map((phase, index) => {
        const mark = marks[phase.status];
        const before = index === 0 ? createdAt : phases[index - 1]?.finishedAt;
        const waitedMs = before && phase.startedAt ? Date.parse(phase.startedAt) - Date.parse(before) : 0;
        return (
          <li key={phase.name} className="relative flex gap-3 pb-4 last:pb-0">
            {index < phases.length - 1 && (
              <span aria-hidden className="absolute top-7 bottom-0 left-3 w-px bg-line-strong" />
            )}
            <span className={classes('relative grid size-6 shrink-0 place-items-center rounded-full', mark.style)}>
              <Icon
                name={mark.icon}
                className={classes('size-3.5', phase.status === 'RUNNING' && 'animate-spin')}
                label={label(phase.status)}
              />
            </span>
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap items-baseline justify-between gap-x-3">
                <span className={classes('font-medium', phase.status === 'PENDING' && 'text-faint')}>
                  {nameOf(phase.title)}
                  {phase.attempts > 1 && (
                    <span className="ml-2 text-xs font-normal text-warn">
                      {say('try {attempts}', { attempts: phase.attempts })}
                    </span>
                  )}
                </span>
                <span className="text-xs text-faint">
                  {waitedMs > 1_000 && (
                    <span className="mr-2">{say('waited {waitedMs}', { waitedMs: duration(waitedMs) })}</span>
                  )}
                  {phase.startedAt ? <Elapsed from={phase.startedAt} to={phase.finishedAt} /> : label(phase.status)}
                </span>
              </div>
              {phase.status === 'RUNNING' && (
                <Progress
                  value={phase.progress}
                  label={say('Progress of {title}', { title: nameOf(phase.title) })}
                  className="mt-1.5"
                />
              )}
              {phase.status === 'AWAITING_APPROVAL' && (
                <div className="mt-1">
                  <StatusBadge status={phase.status} />
                </div>
              )}
              {summaryText(phase.summary) !== '' && <p className="text-xs text-soft">{summaryText(phase.summary)}</p>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
