'use client';
import { SecretOnce } from '../../parts/SecretOnce';
import { say } from '../../words/say';

/** The secret of a key that was just made or rolled. */
export function KeySecret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  return (
    <SecretOnce
      secret={secret}
      onClose={onClose}
      title={say('Copy the key now')}
      about={say('It is shown this once and not stored. Whoever loses it rolls the key for another.')}
    />
  );
}
