export type { WebhookAttempt } from '../storage/attemptStatements.js';
export type { DeadLetter } from '../storage/deadLetterStatements.js';
export { liveId, testId } from '../storage/positionStatements.js';
export type { WebhookPosition } from '../storage/positionStatements.js';
export type { StoredSecret } from '../storage/secretStatements.js';
export type { WebhookRow } from '../storage/WebhookRow.js';
export type { ChannelRow } from '../storage/ChannelRow.js';
export type { Notification } from '../storage/notificationStatements.js';
