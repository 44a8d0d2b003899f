'use client';
import { actorName } from '../../parts/ActorName';
import { RelativeTime } from '../../parts/RelativeTime';
import { label, moment } from '../../words/format';
import type { AlertFacts } from './AlertFacts';
import { useMemberNames } from './OwnerChoice';
import { type PlainText, say } from '../../words/say';

type Entry = AlertFacts['history']['nodes'][number];

const sentences: Readonly<Record<string, PlainText>> = {
  fired: 'It fired',
  repeated: 'It holds on',
  reopened: 'It fired again soon after it had ended',
  recovering: 'Its condition is over, and not yet for long enough',
  flapping: 'It comes and goes: it stays open until that stops',
  settled: 'It comes and goes no more',
  escalated: 'It became graver',
  corrected: 'Data that came late changed it',
  acknowledged: 'Acknowledged',
  unacknowledged: 'Given back',
  assigned: 'Handed over',
  commented: 'Comment',
  resolved: 'Resolved',
};

function kindOf(kind: string): string {
  const sentence = sentences[kind];
  return sentence ? say(sentence) : label(kind);
}

/** All that happened to an alert, the newest first. */
export function AlertHistory({ entries }: { readonly entries: readonly Entry[] }) {
  const names = useMemberNames();
  return (
    <ol aria-label={say('History, newest first')} className="grid gap-3 border-l border-line pl-4">
      {entries.toReversed().map((entry) => (
        <li key={entry.number} className="text-sm">
          <p className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="font-medium">{kindOf(entry.kind)}</span>
            <span className="text-xs text-faint">
              {entry.actor && `${actorName(entry.actor)} · `}
              <RelativeTime time={entry.at} />
            </span>
          </p>
          <Details entry={entry} names={names} />
          {entry.comment && <p className="mt-0.5 break-words whitespace-pre-line text-soft">{entry.comment}</p>}
        </li>
      ))}
    </ol>
  );
}

function Details({ entry, names }: { readonly entry: Entry; readonly names: ReadonlyMap<string, string> }) {
  const { ownerId, until, reason } = entry.facts;
  const told = [
    typeof ownerId === 'string' &&
      say('Works on it: {ownerId}', { ownerId: names.get(ownerId) ?? say('a former member') }),
    entry.kind === 'assigned' && ownerId === null && say('Nobody in particular works on it'),
    typeof until === 'string' && say('until {until}', { until: moment(until) }),
    entry.kind === 'resolved' && typeof reason === 'string' && label(reason),
  ].filter((each) => typeof each === 'string');
  return told.length === 0 ? null : <p className="text-xs text-soft">{told.join(', ')}</p>;
}
