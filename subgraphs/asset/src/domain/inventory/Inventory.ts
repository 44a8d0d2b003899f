import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { inventoryCommand, InventoryOutcome, InputOf } from '@tributary/contracts/commands';
import {
  candidatesByKeys,
  candidatesByName,
  deleteTerms,
  insertAssets,
  insertKeys,
  insertTerms,
  knownByKeys,
  lockForChange,
  moveSightings,
  updateAssets,
  updateFingerprints,
} from '../../storage/inventoryStatements.js';
import type { AssetTerm, AssetToWrite } from '../../storage/inventoryStatements.js';
import { comeBack } from '../../storage/missingStatements.js';
import { noteFlow, noteOtherSources } from '../../storage/sourceStatements.js';
import type { SourceRow } from '../../storage/sourceStatements.js';
import { onceForChunk, retryOnCollision } from '../onceForChunk.js';
import { auditStatus } from '../auditStatus.js';
import { sourceOf } from '../sourceOf.js';
import { changeAsset } from './changeAsset.js';
import { readFound } from './foundAsset.js';
import type { ReadAsset } from './foundAsset.js';
import { differInNature, isWeakKey, keyApart, natureOf } from './sameThing.js';
import { namesOf, planInventory } from './planInventory.js';
import type { InventoryPlan, Known, NewAsset, SeenOtherwise } from './planInventory.js';
import { changedTerms, inOrder, toWrite } from './toWrite.js';

/** Takes what flows found into the inventory: one transaction a chunk, a handful of statements however many assets it has. */
export class Inventory {
  constructor(private readonly database: Database) {}

  /** Throws INVALID_INPUT for a kind, status or criticality that the graph does not know. */
  async record(context: RequestContext, input: InputOf<typeof inventoryCommand>): Promise<InventoryOutcome> {
    const rows = input.assets.map(readFound);
    const source = sourceOf(context.principal.workspaceId, input.source);
    const key = { flowId: input.flowId, kind: 'inventory', chunk: input.chunk } as const;
    return retryOnCollision(() =>
      this.database.withWorkspace(scopeOf(context), (transaction) =>
        onceForChunk(transaction, key, () => write(transaction, context, input.flowId, source, rows)),
      ),
    );
  }
}

async function write(
  transaction: WorkspaceTransaction,
  context: RequestContext,
  flowId: string,
  source: SourceRow,
  rows: readonly ReadAsset[],
): Promise<InventoryOutcome> {
  await transaction.query(noteFlow(flowId, source));
  const plan = planInventory(rows, await knownOf(transaction, flowId, rows));
  await create(transaction, flowId, plan.created);
  await seeAgain(transaction, context, flowId, source, [
    ...plan.unchanged,
    ...plan.otherwise.map(({ known: asset }) => asset.id),
  ]);
  const otherwise = await change(transaction, plan.otherwise);
  const keys = keysToNote(plan);
  if (keys.length > 0) await transaction.query(insertKeys(keys));
  return {
    created: plan.created.length,
    updated: plan.again.updated + otherwise.updated,
    unchanged: plan.again.unchanged + plan.unchangedRows + otherwise.unchanged,
    ...(plan.keptApart === 0 ? {} : { keptApart: plan.keptApart }),
  };
}

/** Under which else assets are to be found: keys of rows that took them over, and those of their serial numbers. */
function keysToNote({ created, otherwise }: InventoryPlan): { key: string; assetId: string }[] {
  const keys = new Map<string, string>();
  for (const { known: asset, otherKeys } of created) for (const key of otherKeys) keys.set(key, asset.id);
  for (const { known: asset, finds, adoptedKey } of otherwise) {
    for (const { found } of finds) for (const key of found.otherKeys ?? []) keys.set(key, asset.id);
    if (adoptedKey !== null) keys.set(adoptedKey, asset.id);
  }
  return [...keys].map(([key, assetId]) => ({ key, assetId }));
}

/** By keys; and where nothing has them, by names. */
async function knownOf(transaction: WorkspaceTransaction, flowId: string, rows: readonly ReadAsset[]): Promise<Known> {
  const keys = new Set(
    rows.flatMap(({ found: { key, fallbackKey } }) => (fallbackKey === null ? [key] : [key, fallbackKey])),
  );
  let byKeys = await transaction.query(knownByKeys([...keys]));
  const held = new Map(byKeys.map((asset) => [asset.soughtBy, asset]));
  const apart = rows.flatMap(({ found }) => {
    const holder = isWeakKey(found.key) ? held.get(found.key) : undefined;
    return holder && differInNature(found.kind, holder.kind) ? [keyApart(found.key, natureOf(found.kind)!)] : [];
  });
  if (apart.length > 0) byKeys = [...byKeys, ...(await transaction.query(knownByKeys(apart)))];
  const unknown = rows.filter(({ found }) => !held.has(found.key));
  const otherKeys = new Set(unknown.flatMap(({ found }) => found.otherKeys ?? []));
  const byOtherKeys = otherKeys.size === 0 ? [] : await transaction.query(candidatesByKeys([...otherKeys]));
  const names = new Set(unknown.flatMap(namesOf));
  const byNames = names.size === 0 ? [] : await transaction.query(candidatesByName([...names]));
  return { byKeys, byOtherKeys, byNames, flowId };
}

/** Before their rows are changed: what was retired because nobody showed it gets its status back first. */
async function seeAgain(
  transaction: WorkspaceTransaction,
  context: RequestContext,
  flowId: string,
  source: SourceRow,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const sorted = [...ids].sort();
  const byOthers = await transaction.query(moveSightings(flowId, source, sorted));
  if (byOthers.length > 0) await transaction.query(noteOtherSources(flowId, source, byOthers));
  auditStatus(transaction, context, 'asset.restore', await transaction.query(comeBack(source.id, sorted)));
}

async function create(transaction: WorkspaceTransaction, flowId: string, assets: readonly NewAsset[]): Promise<void> {
  if (assets.length === 0) return;
  const rows = assets.map(({ known, content }) => toWrite(known, content)).sort(bySourceKey);
  await transaction.query(insertAssets(flowId, JSON.stringify(rows)));
}

/** Reads the rows whole, since only they tell whether anything that can be seen changed. */
async function change(
  transaction: WorkspaceTransaction,
  assets: readonly SeenOtherwise[],
): Promise<{ updated: number; unchanged: number }> {
  const count = { updated: 0, unchanged: 0 };
  if (assets.length === 0) return count;
  const seen = new Map(assets.map((asset) => [asset.known.id, asset]));
  const rows: AssetToWrite[] = [];
  const reworded: { id: string; fingerprint: string }[] = [];
  const added: AssetTerm[] = [];
  const gone: AssetTerm[] = [];
  for (const current of await transaction.query(lockForChange([...seen.keys()]))) {
    const changed = changeAsset(current, seen.get(current.id)!);
    count.updated += changed.updated;
    count.unchanged += changed.unchanged;
    if (changed.row) {
      rows.push(changed.row);
      const terms = changedTerms(current, changed.row);
      added.push(...terms.added);
      gone.push(...terms.gone);
    } else if (changed.fingerprint !== current.fingerprint) {
      reworded.push({ id: current.id, fingerprint: changed.fingerprint });
    }
  }
  if (rows.length > 0) await transaction.query(updateAssets(JSON.stringify(rows)));
  if (reworded.length > 0) {
    const ids = reworded.map((row) => row.id);
    await transaction.query(
      updateFingerprints(
        ids,
        reworded.map((row) => row.fingerprint),
      ),
    );
  }
  if (gone.length > 0) await transaction.query(deleteTerms(inOrder(gone)));
  if (added.length > 0) await transaction.query(insertTerms(inOrder(added)));
  return count;
}

/** Every writer takes keys in this order, so that two never wait for each other. */
function bySourceKey(one: AssetToWrite, other: AssetToWrite): number {
  return one.sourceKey < other.sourceKey ? -1 : 1;
}
