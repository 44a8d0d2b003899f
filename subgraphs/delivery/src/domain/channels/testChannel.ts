import { CodedError } from '@tributary/contracts/errors';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import type { Database, MutationInput } from '@tributary/data';
import { putChannelPosition } from '../../storage/channelPositionStatements.js';
import type { ChannelRow } from '../../storage/ChannelRow.js';
import { notificationOfTest } from '../../storage/notificationStatements.js';
import type { Notification } from '../../storage/notificationStatements.js';
import { waitForTest } from '../waitForTest.js';
import { channelNotFound } from './Channels.js';
import type { Channels } from './Channels.js';
import { recordChannelChange } from './recordChannelChange.js';

/**
 * Has a test sent by a channel and waits a little for what came of it. Throws RESOURCE_NOT_FOUND, and SERVICE_UNAVAILABLE when nothing was
 * answered by then.
 */
export async function testChannel(
  database: Database,
  channels: Channels,
  context: RequestContext,
  id: string,
  input: MutationInput,
): Promise<{ readonly channel: ChannelRow; readonly notification: Notification }> {
  const { channelId, before } = await channels.change(
    context,
    'testChannel',
    id,
    input,
    async (transaction, channel) => {
      await transaction.query(putChannelPosition(channel.id, true, 0));
      recordChannelChange(transaction, context, 'channel.test', channel, null, null);
      // What is newer than this came of the test, in a replay of the mutation, too.
      return { channelId: channel.id, before: newUuid() };
    },
  );
  const notification = await waitForTest(database, context, notificationOfTest(channelId, before));
  if (notification) {
    const channel = await channels.find({ ...context, operation: {} }, id);
    if (!channel) throw channelNotFound();
    return { channel, notification };
  }
  throw new CodedError('SERVICE_UNAVAILABLE', 'The channel has not answered yet. Look whether the test arrives.');
}
