'use client';
import { RevokeSession, Sessions } from '../../graph/generated/operations';
import { useAction, useGraph } from '../../graph/useGraph';
import { Query } from '../../parts/Query';
import { RelativeTime } from '../../parts/RelativeTime';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { browserName } from './browserName';
import { say, sayWith } from '../../words/say';

/** Where the person is signed in, and an end to each. */
export function SessionsCard() {
  const query = useGraph(Sessions, {});
  const revoke = useAction(RevokeSession, { refreshes: ['Sessions'], done: say('That session has ended.') });
  return (
    <Card title={say('Where you are signed in')} flush className="lg:col-span-2">
      <Query query={query}>
        {(data) => (
          <ul className="divide-y divide-line">
            {(data.viewer?.sessions ?? []).map(({ id, userAgent, current, lastUsedAt, createdAt }) => (
              <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-sm">
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium" title={userAgent ?? undefined}>
                    {browserName(userAgent ?? null)}
                  </span>
                  <span className="block text-xs text-faint">
                    {sayWith('signed in {since}, used {last}', {
                      since: <RelativeTime time={createdAt} />,
                      last: <RelativeTime time={lastUsedAt} />,
                    })}
                  </span>
                </span>
                {current ? (
                  <Badge tone="good">{say('This one')}</Badge>
                ) : (
                  <Button
                    size="small"
                    variant="danger"
                    busy={revoke.isPending}
                    onClick={() => revoke.mutate({ input: { id } })}
                  >
                    {say('Sign it out')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Query>
    </Card>
  );
}
