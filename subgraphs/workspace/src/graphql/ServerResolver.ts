import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { buildVersion } from '@tributary/process';
import type { Database } from '@tributary/data';
import { Allow, CursorScalar, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import { lastUses, type StoredOperationList } from '../domain/StoredOperationList.js';
import { ServerInfo, ServerMode } from './ServerInfo.js';
import { StoredOperationConnection, toStoredOperation } from './StoredOperation.js';
import type { StoredOperation } from './StoredOperation.js';

@Resolver()
export class ServerResolver {
  constructor(
    private readonly database: Database,
    private readonly stored: StoredOperationList,
    private readonly isEmbedded: boolean,
  ) {}

  @Query(() => ServerInfo, { nullable: true, description: 'Which version of the product answers, and how it runs.' })
  @Allow('workspace.read')
  serverInfo(): ServerInfo {
    return Object.assign(new ServerInfo(), {
      version: buildVersion.version,
      mode: this.isEmbedded ? ServerMode.EMBEDDED : ServerMode.CLUSTER,
    });
  }

  @Query(() => StoredOperationConnection, {
    nullable: true,
    description:
      'Operations that are stored at the gateways, by the name of their manifest. They are the same for all workspaces; when they were last used is of yours.',
  })
  @Allow('apiKey.read')
  async storedOperations(
    @Ctx() { principal }: GraphqlContext,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this cursor.' })
    after: string | null,
  ): Promise<ConnectionValue<StoredOperation>> {
    const page = this.stored.page({ first, after: after ?? null });
    const used = await lastUses(
      this.database,
      principal.workspaceId,
      page.items.map(({ item }) => item.id),
    );
    const connection = toConnection(
      page,
      (operation) => toStoredOperation(operation, used.get(operation.id) ?? null),
      () => Promise.resolve(this.stored.count()),
    );
    return Object.assign(new StoredOperationConnection(), connection);
  }
}
