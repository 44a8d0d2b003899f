export { defineCommand, defineStreamingCommand, subgraphNames } from './Command.js';
export type { Command, CommandClient, InputOf, OutputOf, SubgraphName } from './Command.js';
export { CommandRegistry } from './CommandRegistry.js';
export { commandInputHeader, HttpCommandClient } from './HttpCommandClient.js';
export type { HttpCommandClientOptions } from './HttpCommandClient.js';
export { LocalCommandClient } from './LocalCommandClient.js';
export { connectCommand, inventoryCommand } from './assetCommands.js';
export type { ConnectOutcome, FoundAsset, FoundDependency, InventoryOutcome } from './assetCommands.js';
export { assetKinds, assetStatuses, criticalities } from './assetValues.js';
export type { AssetKind, AssetStatus, Criticality } from './assetValues.js';
export { figuresCommand, recordTracesCommand, slidingFiguresCommand } from './metricsCommands.js';
export type { AgentTrace, Figure, WindowFigure } from './metricsCommands.js';
export { existingCommand } from './sharedCommands.js';
export {
  acceptInvitationCommand,
  loginCommand,
  logoutCommand,
  refreshCommand,
  resolveApiKeyCommand,
  revocationsCommand,
  signInPrincipal,
  switchWorkspaceCommand,
  verifiedSignInCommand,
  workspaceSettingsCommand,
} from './identityCommands.js';
export type { ResolvedApiKey, Revocation, Revocations, SignedIn, SignedInWorkspace } from './identityCommands.js';
export { readTlsConfig } from './config.js';
export { createTlsFetch } from './MutualTls.js';
export type { MutualTls } from './MutualTls.js';
export { IdentityClient, signInContext } from './IdentityClient.js';
export type { IdentityClientOptions, KnownIdentity, ShownCredentials } from './IdentityClient.js';
export { RevocationList } from './RevocationList.js';
export { workspaceSuspended } from './workspaceSuspended.js';
export { flowLifeEvent, flowStatuses, uploadCommand } from './flowCommands.js';
export type { FlowFailureFacts, FlowLifeEvent, FlowStatusName, StoredUpload } from './flowCommands.js';
