export { assetFiguresCommand, connectCommand, inventoryCommand, settleCommand } from './asset.js';
export type { ConnectOutcome, FoundAsset, FoundDependency, InventoryOutcome, SettleOutcome, Speaker } from './asset.js';
export { defineCommand, defineStreamingCommand } from './Command.js';
export type { Command, CommandPart, InputOf } from './Command.js';
export {
  adminAddressesCommand,
  deliverableCommand,
  deliverCommand,
  deliveryPart,
  presentPrincipalCommand,
  previewDeliveryCommand,
  webhookFiguresCommand,
  webhookToDeliverCommand,
} from './delivery.js';
export type { DeliverableDocument, DeliveredEvent, DeliveryPage, WebhookToDeliver } from './delivery.js';
export { existingCommand } from './existing.js';
export { discoveryEndsCommand, flowFiguresCommand, uploadCommand } from './flow.js';
export type { StoredUpload } from './flow.js';
export {
  acceptInvitationCommand,
  describeInvitationCommand,
  loginCommand,
  logoutCommand,
  noteOperationsUsedCommand,
  refreshCommand,
  resetPasswordCommand,
  resolveApiKeyCommand,
  revocationsCommand,
  signInPrincipal,
  switchWorkspaceCommand,
  verifiedSignInCommand,
  workspaceSettingsCommand,
} from './identity.js';
export type {
  DescribedInvitation,
  ResolvedApiKey,
  Revocation,
  Revocations,
  SignedIn,
  SignedInWorkspace,
  SuspendedWorkspaces,
} from './identity.js';
export {
  figuresCommand,
  lateMinutesCommand,
  mostFigures,
  otlpTracesCommand,
  recordTracesCommand,
  slidingFiguresCommand,
  spendCommand,
} from './metrics.js';
export type { AgentTrace, Figure, LateMinutes, OtlpOutcome, Spend, WindowFigure } from './metrics.js';
