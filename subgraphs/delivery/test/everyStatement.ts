import { webhookMeasures } from '@tributary/contracts/values';
import type { Database, Statement } from '@tributary/data';
import * as attempts from '../src/storage/attemptStatements.js';
import * as channelPositions from '../src/storage/channelPositionStatements.js';
import * as channels from '../src/storage/channelStatements.js';
import * as letters from '../src/storage/deadLetterStatements.js';
import * as notifications from '../src/storage/notificationStatements.js';
import * as positions from '../src/storage/positionStatements.js';
import * as secrets from '../src/storage/secretStatements.js';
import * as figures from '../src/storage/webhookFigureStatements.js';
import * as webhooks from '../src/storage/webhookStatements.js';
import { ChannelRow } from '../src/storage/ChannelRow.js';
import { WebhookRow } from '../src/storage/WebhookRow.js';

const id = '0190a000-0000-7000-8000-000000000001';
const at = new Date(0);

/** Classes of the tables that storage/ reads through TypeORM. */
export const entities = [WebhookRow, ChannelRow];

/** Every statement that storage/ makes, with any values: their texts count. */
export function everyStatement(database: Database): Statement<unknown>[] {
  const place = { webhookId: id, replayId: id, log: 'flows', active: true, seq: 0, cursor: '' } as const;
  const held = { ...place, fence: 0 } as positions.WebhookPosition;
  const step = { seq: 0, cursor: '', lastSentSeq: null, batchUntilSeq: null, singleUntilSeq: null };
  const apart = { seq: 0, cursor: '', doneSeqs: [], waiting: [], attempt: 0, waitMs: 0, finished: false, leaseMs: 0 };
  const attempt: attempts.WebhookAttempt = {
    webhookId: id,
    id,
    at,
    replayId: id,
    seq: 0,
    events: 1,
    attempt: 1,
    outcome: 'RETRY',
    statusCode: null,
    durationMs: 0,
    bytes: 0,
    bodySha256: '',
    answer: null,
  };
  const letter = {
    webhookId: id,
    id,
    seq: 0,
    eventId: '',
    type: '',
    at,
    reason: '',
    attempts: 1,
    state: 'DEAD',
  } as const;
  const channelHeld = { channelId: id, isTest: false, active: true, seq: 0, fence: 0, attempt: 0 };
  const notification: notifications.Notification = {
    id,
    channelId: id,
    seq: null,
    at,
    kind: '',
    route: '',
    alerts: 1,
    attempts: 1,
    outcome: 'RETRY',
    answer: null,
  };
  return [
    ...webhookMeasures.flatMap((measure) =>
      [true, false].map((isOfEach) =>
        figures.webhookFigures(measure, isOfEach, { firstEnd: at, count: 1, stepMs: 1_000 }, 1),
      ),
    ),
    webhooks.listWebhooks(database, id, 1),
    webhooks.listWebhooks(database, null, 1),
    webhooks.countWebhooks(),
    webhooks.webhooksById(database, [id]),
    webhooks.existingWebhooks([id]),
    webhooks.lockWebhooks([id]),
    webhooks.deleteWebhook(database.table(WebhookRow), id),
    webhooks.noteFailing(id, at),
    webhooks.noteRecovered(id),
    webhooks.noteLagging(id, at),
    webhooks.noteCaughtUp(id),
    secrets.secretsOf([id]),
    secrets.insertSecret(id, id, 'ED25519', ''),
    secrets.endSecrets(id, at),
    secrets.countOverlapping(id),
    secrets.deleteEndedSecrets(id),
    positions.positionsOf([id]),
    positions.putPosition(place),
    positions.setActive(id, true),
    positions.claimPositions([place], 1),
    positions.movePositions(
      [{ held, step: { ...step, attempt: 0, refusals: 0, waitMs: 0, finished: false, leaseMs: 0 } }],
      at,
    ),
    positions.moveApart(held, apart),
    positions.countOpenReplays(id),
    positions.forgetReplays(id, 1),
    attempts.insertAttempts([attempt]),
    attempts.attemptsOf(id, null, 1),
    attempts.attemptOfTest(id, id, id),
    attempts.deleteAttempts(at, 1),
    letters.putDeadLetter(letter),
    letters.deadLettersOf(id, null, null, 1),
    letters.countDeadLetters(id, null),
    letters.waitingDeadLetters(id, [id]),
    letters.discardDeadLetters(id, [id]),
    letters.markSent(id, [1]),
    channels.listChannels(database, 1),
    channels.countChannels(),
    channels.channelsById(database, [id]),
    channels.existingChannels([id]),
    channels.deleteChannel(database.table(ChannelRow), id),
    channels.noteChannelFailing(id, at),
    channels.noteChannelRecovered(id),
    channels.threadOf(id, ''),
    channels.putThread(id, '', ''),
    channels.forgetThread(id, ''),
    channelPositions.putChannelPosition(id, false, 0),
    channelPositions.setChannelActive(id, true),
    channelPositions.claimChannel(id, false, 1),
    channelPositions.moveChannel(channelHeld, { seq: 0, attempt: 0, waitMs: 0, active: true, leaseMs: 0 }),
    notifications.putNotification(notification),
    notifications.putNotifiedAlerts(id, [id]),
    notifications.notificationsOfAlert(id, null, 1),
    notifications.notificationOfTest(id, id),
    notifications.deleteNotifications(at, 1),
  ];
}
