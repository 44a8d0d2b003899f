export { deliverySubgraph } from './delivery.js';
export type { DeliveryOptions } from './delivery.js';
export type { OutgoingSettings } from './domain/outgoing/OutgoingSettings.js';
export { readWebhookConfig, webhookSettings } from './config.js';
export { deliveryEncryptedColumns } from './storage/encryptedColumns.js';
