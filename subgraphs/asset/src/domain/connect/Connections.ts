import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { connectCommand, ConnectOutcome, FoundDependency, InputOf } from '@tributary/contracts/commands';
import {
  assetsByKeys,
  assetsByNames,
  assetsByOtherForm,
  ensurePlaceholders,
  planAfresh,
  upsertDependencies,
} from '../../storage/connectStatements.js';
import { comeBack, missingPlaceholders } from '../../storage/missingStatements.js';
import { noteFlow } from '../../storage/sourceStatements.js';
import type { SourceRow } from '../../storage/sourceStatements.js';
import { insertTerms } from '../../storage/inventoryStatements.js';
import { storable } from '../inventory/foundAsset.js';
import { termRows } from '../inventory/toWrite.js';
import { onceForChunk, retryOnCollision } from '../onceForChunk.js';
import { auditStatus } from '../auditStatus.js';
import { sourceOf } from '../sourceOf.js';
import { mergeDependencies } from './mergeDependencies.js';
import { namesToFind, placeholdersFor, readNames, startingAssets } from './resolveNames.js';
import type { NamedDependency } from './resolveNames.js';

/** Takes dependencies that sources tell by names into the inventory: one transaction a chunk. */
export class Connections {
  constructor(private readonly database: Database) {}

  async record(context: RequestContext, input: InputOf<typeof connectCommand>): Promise<ConnectOutcome> {
    const named = readNames(storable(input.dependencies) as FoundDependency[]);
    const source = sourceOf(context.principal.workspaceId, input.source);
    const key = { flowId: input.flowId, kind: 'connect', chunk: input.chunk } as const;
    return retryOnCollision(() =>
      this.database.withWorkspace(scopeOf(context), (transaction) =>
        onceForChunk(transaction, key, () => connect(transaction, context, input.flowId, source, named)),
      ),
    );
  }
}

async function connect(
  transaction: WorkspaceTransaction,
  context: RequestContext,
  flowId: string,
  source: SourceRow,
  named: readonly NamedDependency[],
): Promise<ConnectOutcome> {
  await transaction.query(noteFlow(flowId, source));
  await transaction.query(planAfresh());
  const starts = await startsOf(transaction, named);
  const ids = await assetsNamed(transaction, namesToFind(named, starts));
  await createMissing(transaction, flowId, named, ids, starts);
  const { dependencies, unresolved } = mergeDependencies(named, ids, starts);
  if (dependencies.length === 0) return { found: 0, created: 0, unresolved };
  const created = (await transaction.queryOne(upsertDependencies(flowId, source.id, dependencies))) ?? 0;
  const ends = new Set(dependencies.flatMap(({ fromId, toId }) => [fromId, toId]));
  const back = await transaction.query(missingPlaceholders([...ends]));
  if (back.length > 0)
    auditStatus(transaction, context, 'asset.restore', await transaction.query(comeBack(source.id, back)));
  return { found: dependencies.length, created, unresolved };
}

/** The assets that the rows themselves are, for dependencies whose row says it. */
async function startsOf(
  transaction: WorkspaceTransaction,
  named: readonly NamedDependency[],
): Promise<ReadonlyMap<NamedDependency, string>> {
  const keys = new Set(named.flatMap(({ found }) => found.fromKeys ?? []));
  return keys.size === 0 ? new Map() : startingAssets(named, await transaction.query(assetsByKeys([...keys])));
}

/** By the name as it is, and where nothing is called so, by its other form: with or without the domain. */
async function assetsNamed(
  transaction: WorkspaceTransaction,
  names: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const found = await transaction.query(assetsByNames([...names]));
  const ids = new Map(found.map(({ name, id }) => [name, id]));
  const unknown = [...names].filter((name) => name !== '' && !ids.has(name) && isHostName(name));
  if (unknown.length === 0) return ids;
  for (const { name, id } of await transaction.query(assetsByOtherForm(unknown))) ids.set(name, id);
  return ids;
}

/** Addresses and titles have no short form. */
function isHostName(name: string): boolean {
  return /^[a-z0-9_][a-z0-9_.-]*$/.test(name) && !/^[0-9.]+$/.test(name);
}

/** Adds to `ids` what names that nothing has stand for. */
async function createMissing(
  transaction: WorkspaceTransaction,
  flowId: string,
  named: readonly NamedDependency[],
  ids: Map<string, string>,
  starts: ReadonlyMap<NamedDependency, string>,
): Promise<void> {
  const placeholders = placeholdersFor(named, ids, starts);
  if (placeholders.length === 0) return;
  const rows = await transaction.query(ensurePlaceholders(flowId, placeholders));
  const byKey = new Map(rows.map((row) => [row.sourceKey, row]));
  for (const { sourceKey, nameKey } of placeholders) ids.set(nameKey, byKey.get(sourceKey)!.id);
  const made = placeholders.filter(({ sourceKey }) => byKey.get(sourceKey)?.made);
  if (made.length > 0) await transaction.query(insertTerms(termRows(made)));
}
