export { createGateway } from './createGateway.js';
export type { GatewayOptions, GraphGateway } from './createGateway.js';
export type { Gateway } from './protocols/startedServer.js';
export type {
  HttpConnection,
  InProcessConnection,
  InProcessRequest,
  SubgraphConnection,
} from './upstream/connections.js';
export type { Credentials, Identity, IdentityService } from './callers/identity.js';
export { CallerBudgets } from './callers/CallerBudgets.js';
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
export type { ListedOperation } from './operations/StoredOperations.js';
export { UsedOperations } from './operations/UsedOperations.js';
export type { FormattedError } from './result/formatError.js';
export type { Degraded } from './result/OperationContext.js';
export type { HttpExchange } from './protocols/http/HttpExchange.js';
export type { RestContext, RestRoute } from './protocols/http/RestRoute.js';
export type { ReadinessFinding, ReadinessReport } from './protocols/Readiness.js';
export type { ConsolePerson } from './protocols/console/Console.js';
export { Sandbox } from './protocols/sandbox/Sandbox.js';
export type { SandboxOptions, SandboxPerson } from './protocols/sandbox/Sandbox.js';
export { authRoutes } from './protocols/routes/authRoutes.js';
export type { AuthRoutesOptions } from './protocols/routes/authRoutes.js';
export { oidcRoutes } from './protocols/routes/oidc/oidcRoutes.js';
export type { OidcRoutesOptions } from './protocols/routes/oidc/oidcRoutes.js';
export { otlpRoutes } from './protocols/routes/otlp/otlpRoutes.js';
export type { OtlpRouteOptions } from './protocols/routes/otlp/otlpRoutes.js';
export { uploadRoute } from './protocols/routes/uploadRoute.js';
export type { UploadRouteOptions } from './protocols/routes/uploadRoute.js';
export { createEdge } from './createEdge.js';
export type { EdgeOptions } from './createEdge.js';
