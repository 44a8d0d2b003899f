'use client';
import * as Radix from '@radix-ui/react-dialog';
import type { ReactNode } from 'react';
import { classes } from './classes';
import { Icon } from './Icon';
import { say } from '../words/say';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  /** From the right edge, for what is looked at beside a list. */
  readonly side?: boolean;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

export function Dialog({ open, onClose, title, description, side, wide, children }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Radix.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={classes(
            'fixed z-50 overflow-y-auto border-line bg-raised p-5 shadow-xl',
            side
              ? 'inset-y-0 right-0 w-full max-w-lg border-l'
              : 'top-[8vh] left-1/2 max-h-[84vh] w-[calc(100%-2rem)] max-w-lg -translate-x-1/2 rounded-xl border',
            wide && 'max-w-3xl',
          )}
        >
          <div className="mb-4 flex items-start justify-between gap-4">
            <div className="min-w-0">
              <Radix.Title className="text-base font-semibold break-words">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-1 text-sm text-soft">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close
              className="rounded-md p-1.5 text-faint hover:bg-sunken hover:text-ink"
              aria-label={say('Close')}
            >
              <Icon name="x" />
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
