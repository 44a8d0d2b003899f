export { giveRowsToWorkspaces } from './giveRowsToWorkspaces.js';
export { ask, codesOf, tell, watch } from './ask.js';
export { keyWith, person, requestOf, systemRequest } from './people.js';
export { startSubgraphWorld } from './startSubgraphWorld.js';
export type { SubgraphWorld, WorldOptions } from './startSubgraphWorld.js';
