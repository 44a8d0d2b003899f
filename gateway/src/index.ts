export { createGateway } from './createGateway.js';
export type { Gateway, GatewayOptions } from './createGateway.js';
export type { HttpConnection, InProcessConnection, InProcessRequest, SubgraphConnection } from './connections.js';
export type { Credentials, Identity, IdentityService } from './identity.js';
export { CallerBudgets } from './budgets/CallerBudgets.js';
export { defaultSettings } from './settings.js';
export type {
  BudgetSettings,
  GatewaySettings,
  GatewayTimeouts,
  OperationLimits,
  SettingsOverrides,
  SocketSettings,
} from './settings.js';
export { StoredOperations } from './operations/StoredOperations.js';
export type { FormattedError } from './operations/formatError.js';
export type { Degraded } from './engine/OperationContext.js';
export type { HttpExchange } from './http/HttpExchange.js';
export type { RestContext, RestRoute } from './http/RestRoute.js';
export type { ReadinessFinding, ReadinessReport } from './http/Readiness.js';
export { closeCodes } from './sockets/closeCodes.js';
export { Sandbox } from './sandbox/Sandbox.js';
export type { SandboxOptions, SandboxPerson } from './sandbox/Sandbox.js';
export { authRoutes } from './rest/authRoutes.js';
export type { AuthRoutesOptions } from './rest/authRoutes.js';
export { oidcRoutes } from './oidc/oidcRoutes.js';
export type { OidcRoutesOptions } from './oidc/oidcRoutes.js';
export { uploadRoute } from './rest/uploadRoute.js';
export type { UploadRouteOptions } from './rest/uploadRoute.js';
export { createEdge } from './edge/createEdge.js';
export type { EdgeOptions } from './edge/createEdge.js';
