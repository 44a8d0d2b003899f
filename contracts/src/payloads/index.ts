export { alertEventPayload } from './alert.js';
export { deliveryEventPayload } from './delivery.js';
export { flowEventPayload } from './flow.js';
export { notificationPayload } from './notification.js';
export { batchCostsPayload, tracesIngestedPayload } from './traces.js';
