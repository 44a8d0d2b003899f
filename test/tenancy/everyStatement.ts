import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WorkspaceCipher } from '@tributary/data/encryption';
import { audit } from '@tributary/data/audit';
import { holdTurn, once, WorkspaceTransaction } from '@tributary/data';
import type { Database, Statement } from '@tributary/data';
import { appendEvents, readExcerpts, readForward, readHead, readHeads, readStreams } from '@tributary/events';
import { testKeyring } from '@tributary/kit';
import * as alert from '../../subgraphs/alert/test/everyStatement.js';
import * as asset from '../../subgraphs/asset/test/everyStatement.js';
import * as delivery from '../../subgraphs/delivery/test/everyStatement.js';
import * as flow from '../../subgraphs/flow/test/everyStatement.js';
import * as metrics from '../../subgraphs/metrics/test/everyStatement.js';
import * as workspace from '../../subgraphs/workspace/test/everyStatement.js';

const id = '0190a000-0000-7000-8000-000000000001';

/** Classes of the tables that storage/ reads through TypeORM. */
export const entities = [...alert.entities, ...delivery.entities, ...flow.entities];

/** Every statement that storage/ of the subgraphs, the event log, the audit trail and idempotency make, with any values: their texts count. */
export async function everyStatement(database: Database): Promise<Statement<unknown>[]> {
  const read = [
    ...alert.everyStatement(database),
    ...asset.everyStatement(),
    ...delivery.everyStatement(database),
    ...flow.everyStatement(database),
    ...metrics.everyStatement(),
    ...workspace.everyStatement(),
  ];
  return [
    ...read,
    readForward('flows', 0, 1),
    readHead('flows'),
    readStreams(['flows'], 1, false),
    readHeads(['flows']),
    readExcerpts(new Map([['flows', 0]]), 1, false, []),
    readExcerpts(new Map([['flows', 0]]), 1, true, []),
    ...(await written(database)),
  ];
}

/** Names of the statements that the sources of storage/ mention. */
export function namesInStorage(): string[] {
  const root = fileURLToPath(new URL('../../subgraphs', import.meta.url));
  const files = readdirSync(root).flatMap((subgraph) => {
    const folder = join(root, subgraph, 'src', 'storage');
    return readdirSync(folder)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file));
  });
  const named = /(?:\b(?:sql|unfilteredSql)|\.(?:select|find|findById|insert|update))\(\s*'(\w+\.\w+)'/g;
  return files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(named)].map(([, name]) => name!));
}

/** What storage sends by itself, through a transaction that only listens. */
async function written(database: Database): Promise<Statement<unknown>[]> {
  const heard: Statement<unknown>[] = [];
  const transaction = new WorkspaceTransaction(id, {
    hints: { publish: () => undefined },
    cipher: new WorkspaceCipher(id, testKeyring()),
    run: (statement) => {
      heard.push(statement);
      return Promise.resolve([]);
    },
    table: (entity) => database.table(entity),
  });
  await flow.writeEverything(transaction);
  appendEvents(transaction, 'flows', [{ type: 'tick', payload: {} }]);
  const actor = { kind: 'user', id } as const;
  audit(transaction, {
    actor,
    action: 'flow.start',
    entityType: 'flow',
    entityId: id,
    before: null,
    after: {},
    requestId: id,
  });
  await holdTurn(transaction, 'a job');
  // Nobody answers, so the key counts as used with another input.
  const keyed = { actor, field: 'startDiscovery', idempotencyKey: 'key', input: {} };
  await once(transaction, keyed, () => Promise.resolve(null)).catch(() => undefined);
  await transaction.finish();
  return heard;
}
