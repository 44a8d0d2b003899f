export { alertEventPayload } from './alert.js';
export { flowEventPayload } from './flow.js';
export { batchCostsPayload, tracesIngestedPayload } from './traces.js';
