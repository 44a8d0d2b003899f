'use client';
import { useState, type FormEvent } from 'react';
import { CreateChannel, UpdateChannel } from '../../graph/generated/operations';
import type { ChannelKind } from '../../graph/generated/types';
import { useAction } from '../../graph/useGraph';
import { channelKindName } from '../../parts/deliveryBadges';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Choice, Field, Input } from '../../ui/Field';
import { say } from '../../words/say';
import { ChannelSettings } from './ChannelSettings';
import { channelKinds, channelOf, type Channel } from './channelForm';

interface ChannelDialogProps {
  /** Null: a new one. */
  readonly channel: Channel | null;
  readonly onClose: () => void;
}

/** A way to tell people of alerts, made or changed. */
export function ChannelDialog({ channel, onClose }: ChannelDialogProps) {
  const [kind, setKind] = useState<ChannelKind>(channel?.kind ?? 'EMAIL');
  const refreshes = ['Channels'];
  const create = useAction(CreateChannel, {
    refreshes,
    done: say('The channel is there. Test it, and let a route lead to it.'),
    onDone: onClose,
  });
  const update = useAction(UpdateChannel, { refreshes, done: say('It is saved.'), onDone: onClose });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entered = channelOf(new FormData(event.currentTarget), kind);
    if (!channel) create.mutate({ input: { channel: entered } });
    else {
      const { name, settings, secret } = entered;
      update.mutate({ input: { id: channel.id, version: channel.version, name, settings, secret } });
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={channel ? say('Edit “{name}”', { name: channel.name }) : say('New channel')}
      description={say('A way to tell people of alerts. Routes say which alerts go by it.')}
    >
      <form onSubmit={submit} className="grid gap-3">
        <Field label={say('Name')}>
          {({ id }) => (
            <Input id={id} name="name" required maxLength={200} autoFocus defaultValue={channel?.name ?? ''} />
          )}
        </Field>
        {!channel && (
          <Field label={say('People are told by')}>
            {({ id }) => (
              <Choice id={id} value={kind} names={channelKinds} wordOf={channelKindName} onChoose={setKind} />
            )}
          </Field>
        )}
        <ChannelSettings key={kind} kind={kind} channel={channel} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{say('Cancel')}</Button>
          <Button type="submit" variant="primary" busy={create.isPending || update.isPending}>
            {channel ? say('Save') : say('Make the channel')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
