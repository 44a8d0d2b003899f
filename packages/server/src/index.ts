import 'reflect-metadata';

export { actionExtension, Allow } from './Allow.js';
export { buildFederatedSchema } from './buildFederatedSchema.js';
export type { FederatedSchema, FederatedSchemaOptions, ReferenceResolver } from './buildFederatedSchema.js';
export { connectionType, countedConnectionType, toConnection } from './connection.js';
export type { ConnectionValue, Edge } from './connection.js';
export type { GraphqlContext } from './GraphqlContext.js';
export { PageInfo, pageInfoOf } from './PageInfo.js';
export { CursorScalar, DateTimeScalar, JsonObjectScalar } from './scalars.js';
export { Subgraph } from './Subgraph.js';
export type { BackgroundWork, SubgraphDeps, SubgraphParts, SubgraphRequest } from './Subgraph.js';
export type { SubgraphModule } from './SubgraphModule.js';
export { SubgraphServer } from './SubgraphServer.js';
export type { SubgraphServerOptions } from './SubgraphServer.js';
export { readSubgraphConfig } from './config.js';
export type { SubgraphConfig } from './config.js';
export { closeAtSignal, openClusterDeps, runAsProcess, runSubgraph } from './runSubgraph.js';
