'use client';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';
import { say } from '../../words/say';

/** A secret that is shown this once. */
export function SecretOnce({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('Copy the key now')}
      description={say('It is shown this once and not stored. Whoever loses it rolls the key for another.')}
    >
      <div className="grid gap-4">
        <code data-secret className="rounded-md bg-sunken p-3 text-sm break-all">
          {secret}
        </code>
        <div className="flex justify-end gap-2">
          <CopyButton text={secret} />
          <Button size="small" variant="primary" onClick={onClose}>
            {say('I have it')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
