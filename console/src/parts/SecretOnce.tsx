'use client';
import { Button } from '../ui/Button';
import { CopyButton } from '../ui/CopyButton';
import { Dialog } from '../ui/Dialog';
import { say } from '../words/say';

interface SecretOnceProps {
  readonly title: string;
  /** What becomes of it, and of whoever loses it. */
  readonly about: string;
  readonly secret: string;
  readonly onClose: () => void;
}

/** A secret that is shown this once. */
export function SecretOnce({ title, about, secret, onClose }: SecretOnceProps) {
  return (
    <Dialog open onClose={onClose} title={title} description={about}>
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
