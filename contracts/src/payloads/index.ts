export { alertEventPayload } from './alert.js';
export { flowEventPayload } from './flow.js';
export { tracesIngestedPayload } from './traces.js';
