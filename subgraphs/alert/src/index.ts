export { alertModule, createAlertModule } from './alertModule.js';
export type { AlertOptions } from './alertModule.js';
