'use client';
import { SecretOnce } from './SecretOnce';
import { say } from '../words/say';

/** What a webhook's messages are signed with, when it was just made or rolled. */
export function WebhookSecret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  return (
    <SecretOnce
      secret={secret}
      onClose={onClose}
      title={say('Copy the secret now')}
      about={say('Messages are signed with it. It is shown this once; whoever loses it rolls it for another.')}
    />
  );
}
