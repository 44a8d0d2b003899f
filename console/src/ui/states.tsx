'use client';
import type { ReactNode } from 'react';
import { Button } from './Button';
import { classes } from './classes';
import { CopyButton } from './CopyButton';
import { Icon, type IconName } from './Icon';
import { say } from '../words/say';

/** Where something will be. */
export function Skeleton({ className, height }: { readonly className?: string; readonly height?: number }) {
  return (
    <div
      aria-hidden
      data-loading
      className={classes('animate-pulse rounded-md bg-sunken', className)}
      style={height === undefined ? undefined : { height }}
    />
  );
}

export function SkeletonRows({ rows = 6 }: { readonly rows?: number }) {
  return (
    <div role="status" aria-label={say('Loading')} className="space-y-2 p-4">
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} className="h-7" />
      ))}
    </div>
  );
}

interface EmptyProps {
  readonly icon?: IconName;
  readonly title: string;
  /** The next step. */
  readonly children?: ReactNode;
}

export function Empty({ icon = 'inbox', title, children }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-10 text-center">
      <Icon name={icon} className="size-6 text-faint" />
      <p className="font-medium">{title}</p>
      {children !== undefined && <div className="max-w-md text-sm text-soft">{children}</div>}
    </div>
  );
}

interface RefusalNoteProps {
  readonly sentence: string;
  readonly requestId: string | null;
  readonly onRetry?: () => void;
}

/** Says why something is not there, what to do, and what to tell the operator. */
export function RefusalNote({ sentence, requestId, onRetry }: RefusalNoteProps) {
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-6 py-10 text-center">
      <Icon name="circleAlert" className="size-6 text-bad" />
      <p className="max-w-lg">{sentence}</p>
      <div className="flex flex-wrap items-center justify-center gap-2">
        {onRetry && (
          <Button icon="rotateCw" onClick={onRetry}>
            {say('Try again')}
          </Button>
        )}
        {requestId && <CopyButton text={requestId} label={say('Request {requestId}', { requestId })} />}
      </div>
    </div>
  );
}
