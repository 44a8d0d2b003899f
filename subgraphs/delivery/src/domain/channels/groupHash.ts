import { createHash } from 'node:crypto';
import type { NotificationPayload } from '@tributary/contracts/events';
import type { OpenChannel } from './Adapter.js';

/** A group of alerts under a name that stays the same, and that no other workspace has. */
export function groupHash({ workspaceId }: OpenChannel, { groupKey }: NotificationPayload): string {
  return createHash('sha256').update(`${workspaceId}/${groupKey}`).digest('hex').slice(0, 32);
}
