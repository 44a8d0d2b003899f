export { allSubgraphs } from './allSubgraphs.js';
export type { SubgraphOptions } from './allSubgraphs.js';
export { platformSchedules } from './platformSchedules.js';
export type { PlatformOptions } from './platformSchedules.js';
export { standBack } from './standBack.js';
export { startWork } from './startWork.js';
export type { WorkOptions } from './startWork.js';
export { asksToStop, WorkThread } from './WorkThread.js';
export type { WorkThreadOptions } from './WorkThread.js';
