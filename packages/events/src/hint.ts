import type { StreamId } from '@tributary/contracts/events';

/** Channel of a stream's hints: `{domain}:{workspace}:{scope}:{identifier}`. The message is the last sequence, nothing of the tenant's. */
export function hintChannel(workspaceId: string, stream: StreamId): string {
  return `event:${workspaceId}:stream:${stream}`;
}

/** Fits the hints of a stream in every workspace. */
export function hintPattern(stream: StreamId): string {
  return hintChannel('*', stream);
}

/** The workspace of a channel that `hintPattern` fits. */
export function workspaceOfHint(channel: string): string {
  return channel.split(':')[1] ?? '';
}
