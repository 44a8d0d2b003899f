import { Arg, Int, Query, Resolver } from 'type-graphql';
import { buildVersion } from '@tributary/process';
import { Allow, CursorScalar, toConnection } from '@tributary/server';
import type { ConnectionValue } from '@tributary/server';
import type { StoredOperationList } from '../domain/StoredOperationList.js';
import { ServerInfo, ServerMode } from './ServerInfo.js';
import { StoredOperationConnection, toStoredOperation } from './StoredOperation.js';
import type { StoredOperation } from './StoredOperation.js';

@Resolver()
export class ServerResolver {
  constructor(
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
    description: 'Operations that are stored at the gateways, by the name of their manifest. They are of no workspace.',
  })
  @Allow('apiKey.read')
  storedOperations(
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this cursor.' })
    after: string | null,
  ): ConnectionValue<StoredOperation> {
    const page = this.stored.page({ first, after: after ?? null });
    const connection = toConnection(page, toStoredOperation, () => Promise.resolve(this.stored.count()));
    return Object.assign(new StoredOperationConnection(), connection);
  }
}
