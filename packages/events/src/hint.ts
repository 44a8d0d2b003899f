import type { StreamId } from '@tributary/contracts/events';

/** Channel of a stream's hints: `{domain}:{workspace}:{scope}:{identifier}`. The message is the last sequence, nothing of the tenant's. */
export function hintChannel(workspaceId: string, stream: StreamId): string {
  return `event:${workspaceId}:stream:${stream}`;
}
