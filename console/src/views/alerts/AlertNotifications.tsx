'use client';
import { AlertNotifications as NotificationsOf } from '../../graph/generated/operations';
import { useGraphPages } from '../../graph/useGraph';
import { channelKindName, OutcomeBadge } from '../../parts/deliveryBadges';
import { Query } from '../../parts/Query';
import { RelativeTime } from '../../parts/RelativeTime';
import { Button } from '../../ui/Button';
import { label } from '../../words/format';
import { type PlainText, say } from '../../words/say';

const whys: Readonly<Record<string, PlainText>> = {
  FIRED: 'It fired',
  UPDATED: 'News of the group',
  REPEATED: 'Told again: nobody has acknowledged it',
  ESCALATED: 'Told others: nobody has acknowledged it',
  RESOLVED: 'Resolved',
};

/** Who was told of an alert, by what, and why somebody was not. */
export function AlertNotifications({ id }: { readonly id: string }) {
  const query = useGraphPages(NotificationsOf, { id }, (data) => data.alert?.notifications, {
    refetchInterval: 10_000,
  });
  return (
    <Query query={query}>
      {({ pages }) => {
        const sent = pages.flatMap((page) => page.alert?.notifications?.nodes ?? []);
        if (sent.length === 0) return <p className="text-sm text-faint">{say('Nobody has been told of it yet.')}</p>;
        return (
          <>
            <ul aria-label={say('What was sent, newest first')} className="grid gap-3">
              {sent.map((each) => {
                const why = whys[each.kind];
                return (
                  <li key={each.id} className="grid gap-0.5 text-sm">
                    <p className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
                      <span className="min-w-0 truncate font-medium">
                        {each.channel
                          ? `${each.channel.name} (${channelKindName(each.channel.kind)})`
                          : say('A channel')}
                      </span>
                      <span className="flex items-center gap-2 text-xs text-faint">
                        <RelativeTime time={each.at} /> <OutcomeBadge outcome={each.outcome} />
                      </span>
                    </p>
                    <p className="text-xs text-soft">
                      {[
                        why ? say(why) : label(each.kind),
                        say('route {name}', { name: each.route }),
                        each.alerts > 1 && say('with {alerts} alerts together', { alerts: each.alerts }),
                      ]
                        .filter((part) => typeof part === 'string')
                        .join(' · ')}
                    </p>
                    {each.answer && each.outcome !== 'DELIVERED' && (
                      <p className="text-xs break-words text-bad">{each.answer}</p>
                    )}
                  </li>
                );
              })}
            </ul>
            {query.hasNextPage && (
              <Button size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {say('Load more')}
              </Button>
            )}
          </>
        );
      }}
    </Query>
  );
}
