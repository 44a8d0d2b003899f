import type { GraphqlParts } from '@tributary/server';
import { AccountMutations } from './AccountMutations.js';
import { ApiKeyResolver } from './ApiKeyResolver.js';
import { AuditEntryResolver } from './AuditEntryResolver.js';
import { MutationResolver } from './MutationResolver.js';
import { foreignStubs } from './stubs.js';
import { NodeResolver } from './NodeResolver.js';
import { PeopleMutations } from './PeopleMutations.js';
import { UserResolver } from './UserResolver.js';
import { ViewerResolver } from './ViewerResolver.js';
import { WorkspaceResolver } from './WorkspaceResolver.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

export function workspaceGraphql(services: WorkspaceServices): GraphqlParts {
  return {
    resolvers: [
      new NodeResolver(services),
      new ViewerResolver(services),
      new WorkspaceResolver(services),
      new UserResolver(services),
      new ApiKeyResolver(),
      new AuditEntryResolver(services),
      new MutationResolver(services),
      new PeopleMutations(services),
      new AccountMutations(services),
    ],
    types: [...foreignStubs.values()],
  };
}
