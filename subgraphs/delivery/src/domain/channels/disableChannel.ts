import { randomUUID } from 'node:crypto';
import { deliveryPart } from '@tributary/contracts/commands';
import { encodeId } from '@tributary/contracts/ids';
import { audit } from '@tributary/data/audit';
import type { WorkspaceTransaction } from '@tributary/data';
import { enqueue } from '@tributary/jobs';
import { setChannelActive } from '../../storage/channelPositionStatements.js';
import { ChannelRow } from '../../storage/ChannelRow.js';
import { tellAdminsJob } from '../tellAdminsJob.js';
import { tellOfChannel } from './tellOfChannel.js';

/** It took nothing for too long: nothing more is sent by it until somebody changes it. */
export async function disableChannel(transaction: WorkspaceTransaction, channel: ChannelRow): Promise<void> {
  const reason = 'FAILING_TOO_LONG';
  await transaction
    .repository(ChannelRow)
    .update('delivery.disableChannel', channel.id, { status: 'DISABLED', statusReason: reason });
  await transaction.query(setChannelActive(channel.id, false));
  audit(transaction, {
    actor: { kind: 'system', part: deliveryPart },
    action: 'channel.disable',
    entityType: 'NotificationChannel',
    entityId: encodeId('channel', channel.id),
    before: { status: channel.status },
    after: { status: 'DISABLED', reason },
    requestId: randomUUID(),
  });
  tellOfChannel(transaction, 'channel.disabled', channel, { reason, failingSince: channel.failingSince });
  await enqueue(transaction, tellAdminsJob, { what: 'channel', id: channel.id, reason });
}
