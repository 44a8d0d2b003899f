import type { EncryptedColumn } from '@tributary/data/encryption';

/** Headers of its receiver's own, among which may be a password. */
export const webhookHeaders: EncryptedColumn = { table: 'webhook', column: 'headers', key: ['id'] };
/** What its messages are signed with. */
export const webhookSecret: EncryptedColumn = { table: 'webhook_secret', column: 'secret', key: ['webhook_id', 'id'] };
/** What a channel is let in by. */
export const channelSecret: EncryptedColumn = { table: 'channel', column: 'secret', key: ['id'] };

/** `keys:rotate` goes over all of them. */
export const deliveryEncryptedColumns: readonly EncryptedColumn[] = [webhookHeaders, webhookSecret, channelSecret];
