'use client';
import { parseAsString, useQueryState } from 'nuqs';
import { Channels } from '../../graph/generated/operations';
import { useGraph } from '../../graph/useGraph';
import { Link } from '../../host/navigation';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { useMay } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/states';
import { say, sayWith } from '../../words/say';
import { ChannelDialog } from './ChannelDialog';
import { ChannelItem } from './ChannelItem';

/** The ways to tell people of alerts: whether they work, and a test for each. */
export function ChannelsPage() {
  const [open, setOpen] = useQueryState('channel', parseAsString);
  const may = useMay('channel.write');
  const query = useGraph(Channels, {}, { refetchInterval: 10_000 });
  return (
    <>
      <PageHeader
        title={say('Channels')}
        about={sayWith('How people are told of alerts. {routes} say of which.', {
          routes: (
            <Link to="routes" className="text-accent underline">
              {say('Routes')}
            </Link>
          ),
        })}
        actions={
          may && (
            <Button variant="primary" icon="plus" onClick={() => void setOpen('new')}>
              {say('New channel')}
            </Button>
          )
        }
      />
      <Query query={query}>
        {({ channels }) => {
          const current = channels?.find(({ id }) => id === open);
          return (
            <>
              <div className="rounded-lg border border-line bg-surface">
                {(channels ?? []).length === 0 ? (
                  <Empty icon="send" title={say('No channel yet')}>
                    {may
                      ? say('Make one by e-mail, Slack, PagerDuty or a webhook, and test it.')
                      : say('An owner or admin can make one.')}
                  </Empty>
                ) : (
                  <ul className="divide-y divide-line">
                    {channels?.map((channel) => (
                      <ChannelItem
                        key={channel.id}
                        channel={channel}
                        may={may}
                        onEdit={() => void setOpen(channel.id)}
                      />
                    ))}
                  </ul>
                )}
              </div>
              {may && open === 'new' && <ChannelDialog channel={null} onClose={() => void setOpen(null)} />}
              {may && current && (
                <ChannelDialog
                  key={`${current.id} ${current.version}`}
                  channel={current}
                  onClose={() => void setOpen(null)}
                />
              )}
            </>
          );
        }}
      </Query>
    </>
  );
}
