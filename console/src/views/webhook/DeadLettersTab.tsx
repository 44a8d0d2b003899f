'use client';
import { useState } from 'react';
import { DiscardDeadLetters, ReplayWebhook, WebhookDeadLetters } from '../../graph/generated/operations';
import type { DeadLetterState, WebhookDeadLettersQuery } from '../../graph/generated/types';
import { useAction, useGraphPages } from '../../graph/useGraph';
import { Query } from '../../parts/Query';
import { RelativeTime } from '../../parts/RelativeTime';
import { useMay } from '../../session/Permissions';
import { DataTable, type Column } from '../../tables/DataTable';
import { Badge, type Tone } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Checkbox } from '../../ui/Field';
import { Empty } from '../../ui/states';
import { exactly } from '../../words/format';
import { type PlainText, say } from '../../words/say';
import { refreshes } from './WebhookFacts';

type Letter = NonNullable<NonNullable<WebhookDeadLettersQuery['webhook']>['deadLetters']>['nodes'][number];

const states: Readonly<Record<DeadLetterState, readonly [PlainText, Tone]>> = {
  DEAD: ['Waits', 'bad'],
  SENT: ['Sent after all', 'good'],
  DISCARDED: ['Skipped', 'rest'],
};
/** As many as one request may name. */
const most = 100;

const columns: readonly Column<Letter>[] = [
  {
    id: 'number',
    title: 'Number',
    fixed: true,
    width: '6rem',
    right: true,
    text: ({ sequence }) => sequence,
    cell: ({ sequence }) => exactly(sequence),
  },
  {
    id: 'type',
    title: 'Event',
    width: 'minmax(7rem, 1fr)',
    wideOnly: true,
    text: ({ type }) => type,
    cell: ({ type }) => <code className="text-xs">{type}</code>,
  },
  {
    id: 'reason',
    title: 'Why',
    width: 'minmax(6rem, 2fr)',
    text: ({ reason }) => reason,
    cell: ({ reason }) => <span title={reason}>{reason}</span>,
  },
  {
    id: 'state',
    title: 'State',
    width: '8rem',
    text: ({ state }) => state,
    cell: ({ state }) => <Badge tone={states[state][1]}>{say(states[state][0])}</Badge>,
  },
  {
    id: 'at',
    title: 'Given up',
    width: '7rem',
    right: true,
    wideOnly: true,
    text: ({ at }) => at,
    cell: ({ at }) => <RelativeTime time={at} />,
  },
];

/** Those that wait can be chosen. */
function withChoice(chosen: ReadonlySet<string>, toggle: (letter: Letter) => void): readonly Column<Letter>[] {
  const choice: Column<Letter> = {
    id: 'choose',
    title: '',
    fixed: true,
    width: '1.5rem',
    cell: (letter) =>
      letter.state === 'DEAD' && (
        <input
          type="checkbox"
          aria-label={say('Choose number {number}', { number: exactly(letter.sequence) })}
          className="accent-[var(--accent)]"
          checked={chosen.has(letter.id)}
          onChange={() => toggle(letter)}
          onClick={(event) => event.stopPropagation()}
          tabIndex={-1}
        />
      ),
  };
  return [choice, ...columns];
}

/** Events that the receiver would not take: sent again, or skipped for good. */
export function DeadLettersTab({ id }: { readonly id: string }) {
  const may = useMay('webhook.write');
  const [all, setAll] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const query = useGraphPages(
    WebhookDeadLetters,
    { id, state: all ? null : ['DEAD'] },
    (data) => data.webhook?.deadLetters,
    { refetchInterval: 10_000 },
  );
  const onDone = () => setChosen(new Set());
  const replay = useAction(ReplayWebhook, { refreshes, done: say('They are sent again.'), onDone });
  const skip = useAction(DiscardDeadLetters, {
    refreshes,
    done: (data) => say('{discarded} skipped.', { discarded: data.discardDeadLetters?.discarded ?? 0 }),
    onDone,
  });
  const toggle = ({ id: letterId, state }: Letter) => {
    if (state !== 'DEAD') return;
    const next = new Set(chosen);
    if (!next.delete(letterId) && next.size < most) next.add(letterId);
    setChosen(next);
  };
  const ids = [...chosen];
  return (
    <Query query={query}>
      {({ pages }) => (
        <DataTable
          name="Dead letters"
          columns={may ? withChoice(chosen, toggle) : columns}
          rows={pages.flatMap((page) => page.webhook?.deadLetters?.nodes ?? [])}
          keyOf={(letter) => letter.id}
          {...(may ? { selected: chosen, onSelect: toggle } : {})}
          hasMore={query.hasNextPage}
          loadsMore={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
          total={pages[0]?.webhook?.deadLetters?.totalCount ?? null}
          tools={
            <>
              <Checkbox
                checked={all}
                label={say('Those that are settled, too')}
                onChange={(event) => setAll(event.target.checked)}
              />
              {ids.length > 0 && (
                <>
                  <Button
                    size="small"
                    icon="rotateCw"
                    busy={replay.isPending}
                    onClick={() => replay.mutate({ input: { id, deadLetterIds: ids, dryRun: false } })}
                  >
                    {say('Send {chosen} again', { chosen: ids.length })}
                  </Button>
                  <Button
                    size="small"
                    variant="danger"
                    busy={skip.isPending}
                    onClick={() => skip.mutate({ input: { webhookId: id, ids } })}
                  >
                    {say('Skip {chosen}', { chosen: ids.length })}
                  </Button>
                </>
              )}
            </>
          }
          empty={
            <Empty icon="circleCheck" title={say('Every event was taken')}>
              {say('What a receiver refuses five times waits here to be sent again or skipped.')}
            </Empty>
          }
        />
      )}
    </Query>
  );
}
