import type { GraphqlParts, SubgraphGraph } from '@tributary/server';
import { AccountResolver } from './AccountResolver.js';
import { ApiKeyResolver } from './ApiKeyResolver.js';
import { AuditEntryResolver } from './AuditEntryResolver.js';
import { InvitationResolver } from './InvitationResolver.js';
import { MemberResolver } from './MemberResolver.js';
import { workspaceReferences } from './references.js';
import { foreignStubs } from './stubs.js';
import { NodeResolver } from './NodeResolver.js';
import { ServerResolver } from './ServerResolver.js';
import { UserResolver } from './UserResolver.js';
import { ViewerResolver } from './ViewerResolver.js';
import { WorkspaceResolver } from './WorkspaceResolver.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

function parts(services: WorkspaceServices): GraphqlParts {
  return {
    resolvers: [
      new NodeResolver(services),
      new ViewerResolver(services),
      new WorkspaceResolver(services),
      new UserResolver(services),
      new ApiKeyResolver(services),
      new AuditEntryResolver(services),
      new InvitationResolver(services),
      new MemberResolver(services),
      new AccountResolver(services),
      new ServerResolver(services.database, services.storedOperations, services.isEmbedded),
    ],
    types: [...foreignStubs.values()],
  };
}

export const workspaceGraph: SubgraphGraph<WorkspaceServices> = { parts, references: workspaceReferences };
