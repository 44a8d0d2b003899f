import 'reflect-metadata';

export { actionExtension, Allow, MaskedWithout } from './Allow.js';
export { buildFederatedSchema } from './buildFederatedSchema.js';
export type { FederatedSchema } from './buildFederatedSchema.js';
export { connectionType, countedConnectionType, toConnection, toStreamConnection } from './connection.js';
export type { ConnectionValue, Edge } from './connection.js';
export type {
  Background,
  DeclaredConsumer,
  DeclaredJob,
  DeclaredSchedule,
  SubgraphDeclaration,
  SubgraphDefinition,
} from './declare/defineSubgraph.js';
export { loadReference } from './Reference.js';
export type { JoinedReference, OwnReference, Reference } from './Reference.js';
export { requireAction } from './requireAction.js';
export { ActorReference, ApiKeyReference, SystemActor, toActorReference, UserReference } from './Actor.js';
export { isSelected } from './isSelected.js';
export { isKnownFlow } from './isKnownFlow.js';
export { Node } from './Node.js';
export type { GraphqlContext } from './GraphqlContext.js';
export { HealthServer } from './HealthServer.js';
export type { HealthServerOptions } from './HealthServer.js';
export { Selection } from './Selection.js';
export { PageInfo, pageInfoOf } from './PageInfo.js';
export { RelativeRange, TimeRange } from './TimeRange.js';
export { CursorScalar, DateTimeScalar, JsonObjectScalar } from './scalars.js';
export { Subgraph } from './Subgraph.js';
export type { SubgraphParts } from './Subgraph.js';
export { SubgraphAnswers } from './SubgraphAnswers.js';
export type { SubgraphDeps } from './SubgraphDeps.js';
export { SubgraphServer } from './SubgraphServer.js';
export type { GraphqlParts, SubgraphGraph } from './declare/SubgraphGraph.js';
export type { SubgraphRequest } from './SubgraphRequest.js';
export type { SubgraphServerOptions } from './SubgraphServerOptions.js';
export { readSubgraphConfig } from './config.js';
export type { SubgraphConfig } from './config.js';
export { openClusterDeps, runSubgraph } from './runSubgraph.js';
