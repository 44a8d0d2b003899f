export { createWorkspaceWithOwner } from './domain/createWorkspace.js';
export type { NewWorkspace } from './domain/createWorkspace.js';
export { invitePerson } from './domain/invitePerson.js';
export { demoPassword, seedDemoPeople } from './domain/seedDemoPeople.js';
export type { DemoWorkspace } from './domain/seedDemoPeople.js';
export { reactivateWorkspace, suspendWorkspace } from './domain/suspendWorkspace.js';
export { hasDemoAccounts } from './storage/identityLookups.js';
export { workspaceSubgraph } from './workspaceSubgraph.js';
export type { WorkspaceSubgraphOptions } from './workspaceSubgraph.js';
