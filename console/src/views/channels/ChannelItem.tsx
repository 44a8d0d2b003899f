'use client';
import { useState } from 'react';
import { DeleteChannel, TestChannel } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { channelKindName, DeliveryBadge, OutcomeBadge, whyNothingIsSent } from '../../parts/deliveryBadges';
import { RelativeTime } from '../../parts/RelativeTime';
import { whyNoAnswer } from '../../parts/whyNoAnswer';
import { Button } from '../../ui/Button';
import { say, sayWith } from '../../words/say';
import { whereTo, type Channel } from './channelForm';

interface ChannelItemProps {
  readonly channel: Channel;
  /** Whether the viewer may change it. */
  readonly may: boolean;
  readonly onEdit: () => void;
}

/** A channel with how it is, and a test whose answer stays beside it. */
export function ChannelItem({ channel, may, onEdit }: ChannelItemProps) {
  const [deletes, setDeletes] = useState(false);
  const test = useAction(TestChannel, { refreshes: ['Channels'], onRefused: () => true });
  const remove = useAction(DeleteChannel, {
    refreshes: ['Channels', 'AlertRoutes'],
    done: say('The channel is gone. Routes that led to it tell one less.'),
  });
  const input = { id: channel.id };
  const why = whyNothingIsSent(channel.statusReason);
  const result = test.data?.testChannel;
  return (
    <li className="grid gap-2 px-4 py-3" aria-label={channel.name}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-48">
          <p className="truncate font-medium">{channel.name}</p>
          <p className="truncate text-xs text-faint">
            {[channelKindName(channel.kind), whereTo(channel)].filter(Boolean).join(' · ')}
          </p>
        </div>
        {channel.failingSince && (
          <span className="text-xs text-faint">
            {sayWith('since {time}', { time: <RelativeTime time={channel.failingSince} /> })}
          </span>
        )}
        <DeliveryBadge status={channel.status} />
        {may && (
          <div className="flex flex-wrap gap-2">
            <Button size="small" busy={test.isPending} onClick={() => test.mutate({ input })}>
              {say('Test')}
            </Button>
            <Button size="small" icon="pencil" onClick={onEdit}>
              {say('Edit')}
            </Button>
            {deletes ? (
              <Button size="small" variant="danger" busy={remove.isPending} onClick={() => remove.mutate({ input })}>
                {say('Delete for good')}
              </Button>
            ) : (
              <Button size="small" variant="danger" icon="trash2" onClick={() => setDeletes(true)}>
                {say('Delete')}
              </Button>
            )}
          </div>
        )}
      </div>
      {why && <p className="text-xs text-bad">{why}</p>}
      <div role="status" className="text-sm empty:-mt-2">
        {result && (
          <p className="flex flex-wrap items-center gap-2 rounded-md bg-sunken px-3 py-2">
            <OutcomeBadge outcome={result.outcome} />
            <span className="min-w-0 break-words text-soft">
              {result.answer ?? (result.outcome === 'DELIVERED' ? say('It took the test.') : say('It said nothing.'))}
            </span>
          </p>
        )}
        {test.error && <p className="rounded-md bg-bad-wash px-3 py-2 text-bad">{whyNoAnswer(test.error)}</p>}
      </div>
    </li>
  );
}
