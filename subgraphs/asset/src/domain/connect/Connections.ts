import { isIP } from 'node:net';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { connectCommand, ConnectOutcome, FoundDependency, InputOf } from '@tributary/contracts/commands';
import {
  assetsByAddresses,
  assetsByKeys,
  assetsByNames,
  assetsByOtherForm,
  ensurePlaceholders,
  upsertDependencies,
} from '../../storage/connectStatements.js';
import type { KeyedAsset } from '../../storage/connectStatements.js';
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
import { Ends } from './Ends.js';
import { keysOf, namesToFind, placeholdersFor, readNames, startingAssets } from './resolveNames.js';
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
  const starts = await startsOf(transaction, flowId, named);
  const ends = await endsNamed(transaction, flowId, namesToFind(named, starts));
  await createMissing(transaction, flowId, named, ends, starts);
  const { dependencies, unresolved } = mergeDependencies(named, ends, starts);
  if (dependencies.length === 0) return { found: 0, created: 0, unresolved };
  const created = (await transaction.queryOne(upsertDependencies(flowId, source.id, dependencies))) ?? 0;
  const connected = new Set(dependencies.flatMap(({ fromId, toId }) => [fromId, toId]));
  const back = await transaction.query(missingPlaceholders([...connected]));
  if (back.length > 0)
    auditStatus(transaction, context, 'asset.restore', await transaction.query(comeBack(source.id, back)));
  return { found: dependencies.length, created, unresolved };
}

/** The assets that the rows themselves are, for dependencies whose row says it. */
async function startsOf(
  transaction: WorkspaceTransaction,
  flowId: string,
  named: readonly NamedDependency[],
): Promise<ReadonlyMap<NamedDependency, KeyedAsset>> {
  const keys = new Set(named.flatMap(keysOf));
  return keys.size === 0 ? new Map() : startingAssets(named, await transaction.query(assetsByKeys([...keys])), flowId);
}

/** By id where it is one, by the name as it is, and where nothing is called so, by its other form, with or without the domain, or address. */
async function endsNamed(transaction: WorkspaceTransaction, flowId: string, names: ReadonlySet<string>): Promise<Ends> {
  const ends = new Ends(await transaction.query(assetsByNames([...names])), flowId);
  const unknown = [...names].filter((name) => name !== '' && !ends.isKnown(name));
  const byKey = new Map(unknown.flatMap((name) => idKeysOf(name).map((key) => [key, name])));
  if (byKey.size > 0) {
    for (const { key, id } of await transaction.query(assetsByKeys([...byKey.keys()])))
      ends.add({ name: byKey.get(key)!, id });
  }
  const addresses = unknown.filter((name) => isIP(name) !== 0);
  if (addresses.length > 0) for (const found of await transaction.query(assetsByAddresses(addresses))) ends.add(found);
  const hosts = unknown.filter((name) => !ends.isKnown(name) && isHostName(name));
  if (hosts.length > 0) for (const found of await transaction.query(assetsByOtherForm(hosts))) ends.add(found);
  return ends;
}

/** UUIDs, cloud providers’ ids and serial numbers: what no two systems would both give is a key by itself, however a source writes it. */
const idForm =
  /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|arn:.+|\/.+|i-[0-9a-f]{8,}|(?=.*\d)(?=.*[a-z])[a-z0-9]{8,})$/;

function idKeysOf(name: string): string[] {
  const bare = name.replace(/^(?:urn:uuid:)?\{?([0-9a-f-]{36})\}?$/, '$1');
  return idForm.test(bare) ? [`id:${bare}`] : [];
}

/** Addresses and titles have no short form. */
function isHostName(name: string): boolean {
  return /^[a-z0-9_][a-z0-9_.-]*$/.test(name) && !/^[0-9.]+$/.test(name);
}

/** Adds to `ends` what names that nothing has stand for. */
async function createMissing(
  transaction: WorkspaceTransaction,
  flowId: string,
  named: readonly NamedDependency[],
  ends: Ends,
  starts: ReadonlyMap<NamedDependency, KeyedAsset>,
): Promise<void> {
  const placeholders = placeholdersFor(named, ends, starts);
  if (placeholders.length === 0) return;
  const rows = await transaction.query(ensurePlaceholders(flowId, placeholders));
  const byKey = new Map(rows.map((row) => [row.sourceKey, row]));
  for (const { sourceKey, nameKey } of placeholders) ends.add({ name: nameKey, id: byKey.get(sourceKey)!.id });
  const made = placeholders.filter(({ sourceKey }) => byKey.get(sourceKey)?.made);
  if (made.length > 0) await transaction.query(insertTerms(termRows(made)));
}
