export { isolateWorkspace, moveWorkspace, rebalance, withCoordinator } from './moveShards.js';
export { listNodes } from './placements.js';
