export { alertSubgraph } from './alert.js';
export type { AlertOptions } from './alert.js';
export { alertSettings, readAlertConfig } from './config.js';
