import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { connectCommand, ConnectOutcome, FoundDependency, InputOf } from '@tributary/contracts/commands';
import { assetsByNames, ensurePlaceholders, planAfresh, upsertDependencies } from '../../storage/connectStatements.js';
import { insertTerms } from '../../storage/inventoryStatements.js';
import { storable } from '../inventory/foundAsset.js';
import { termRows } from '../inventory/toWrite.js';
import { onceForChunk, retryOnCollision } from '../onceForChunk.js';
import { mergeDependencies } from './mergeDependencies.js';
import { placeholdersFor, readNames } from './resolveNames.js';
import type { NamedDependency } from './resolveNames.js';

/** Takes dependencies that sources tell by names into the inventory: one transaction a chunk. */
export class Connections {
  constructor(private readonly database: Database) {}

  async record(context: RequestContext, input: InputOf<typeof connectCommand>): Promise<ConnectOutcome> {
    const named = readNames(storable(input.dependencies) as FoundDependency[]);
    const key = { flowId: input.flowId, kind: 'connect', chunk: input.chunk } as const;
    return retryOnCollision(() =>
      this.database.withWorkspace(scopeOf(context), (transaction) =>
        onceForChunk(transaction, key, () => connect(transaction, input.flowId, named)),
      ),
    );
  }
}

async function connect(
  transaction: WorkspaceTransaction,
  flowId: string,
  named: readonly NamedDependency[],
): Promise<ConnectOutcome> {
  const names = new Set(named.flatMap(({ fromKey, toKey }) => [fromKey, toKey]));
  await transaction.query(planAfresh());
  const found = await transaction.query(assetsByNames([...names]));
  const ids = new Map(found.map(({ name, id }) => [name, id]));
  await createMissing(transaction, flowId, named, ids);
  const { dependencies, unresolved } = mergeDependencies(named, ids);
  if (dependencies.length === 0) return { found: 0, created: 0, unresolved };
  const created = (await transaction.queryOne(upsertDependencies(flowId, dependencies))) ?? 0;
  return { found: dependencies.length, created, unresolved };
}

/** Adds to `ids` what names that nothing has stand for. */
async function createMissing(
  transaction: WorkspaceTransaction,
  flowId: string,
  named: readonly NamedDependency[],
  ids: Map<string, string>,
): Promise<void> {
  const placeholders = placeholdersFor(named, ids);
  if (placeholders.length === 0) return;
  const rows = await transaction.query(ensurePlaceholders(flowId, placeholders));
  const byKey = new Map(rows.map((row) => [row.sourceKey, row]));
  for (const { sourceKey, nameKey } of placeholders) ids.set(nameKey, byKey.get(sourceKey)!.id);
  const made = placeholders.filter(({ sourceKey }) => byKey.get(sourceKey)?.made);
  if (made.length > 0) await transaction.query(insertTerms(termRows(made)));
}
