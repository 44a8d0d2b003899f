import { newUuid } from '@tributary/kernel';
import type { AssetContent } from '../../storage/assetContent.js';
import type { Candidate, KnownAsset } from '../../storage/inventoryStatements.js';
import { nameKeyOf } from '../searchTerms.js';
import type { ReadAsset } from './foundAsset.js';
import { contentOf, isSameContent, mergeContent } from './mergeContent.js';
import { differInNature, isSameHardware, isSameThing, isWeakKey, keyApart, natureOf } from './sameThing.js';

/** An asset that a chunk creates. */
export interface NewAsset {
  readonly known: KnownAsset;
  readonly content: AssetContent;
  /** Keys of its serial numbers and UUIDs. */
  readonly otherKeys: readonly string[];
}

/** An asset that is known and of which a source says something else than before: what it said, in order. */
export interface SeenOtherwise {
  readonly known: Candidate;
  readonly finds: readonly ReadAsset[];
  /** The key of the row that took it over by its name; null where it was known by the row's key. */
  readonly adoptedKey: string | null;
}

export interface InventoryPlan {
  readonly created: readonly NewAsset[];
  readonly otherwise: readonly SeenOtherwise[];
  /** Ids of known assets of which a source says what it said before. */
  readonly unchanged: readonly string[];
  /** Rows of the chunk that found an asset which the chunk itself creates. */
  readonly again: { readonly updated: number; readonly unchanged: number };
  /** Rows of the chunk that found a known asset as it was. */
  readonly unchangedRows: number;
  /** Of what is created: things that have the name of another. */
  readonly keptApart: number;
}

type Holder = { created: NewAsset } | Seen;
interface Seen {
  created: null;
  known: Candidate;
  finds: ReadAsset[];
  adoptedKey: string | null;
}

/** What is known of the assets that a chunk's rows may be. */
export interface Known {
  /** Those that have one of its keys. */
  readonly byKeys: readonly Candidate[];
  /** Those that have a serial number or UUID, and those that have the name, of a row whose key nothing has. */
  readonly byOtherKeys: readonly Candidate[];
  readonly byNames: readonly Candidate[];
  /** Bare uuid of the flow: what it saw itself is another row's. */
  readonly flowId: string;
}

/** Decides what a chunk does, row by row in its order. */
export function planInventory(rows: readonly ReadAsset[], known: Known): InventoryPlan {
  const holders = new Map<string, Holder>();
  const byId = new Map<string, Seen>();
  const seenOf = (asset: Candidate): Seen => {
    const holder = byId.get(asset.id) ?? { created: null, known: asset, finds: [], adoptedKey: null };
    byId.set(asset.id, holder);
    return holder;
  };
  for (const asset of known.byKeys) holders.set(asset.soughtBy, seenOf(asset));
  const keyed = new Set(byId.keys());
  const hardware = Map.groupBy(known.byOtherKeys, ({ soughtBy }) => soughtBy);
  const called = Map.groupBy(known.byNames, ({ soughtBy }) => soughtBy);
  const rivals = countNames(rows, holders);
  const again = { updated: 0, unchanged: 0 };
  let unchangedRows = 0;
  let keptApart = 0;
  const unchanged = new Set<string>();
  for (const row of rows) {
    const key = keyFor(row, holders);
    const holder = holders.get(key) ?? adoptHardware(key, row) ?? adopt(key, row);
    if (!holder) {
      if (isNamesake(row, key)) keptApart += 1;
      holders.set(key, { created: created(key, row) });
    } else if (holder.created) {
      const before = holder.created;
      const content = mergeContent(before.content, row.found, {
        owns: row.found.sourceShape === before.known.sourceShape,
        editedFields: [],
      });
      again[isSameContent(before.content, content) ? 'unchanged' : 'updated'] += 1;
      holder.created = {
        ...before,
        known: { ...before.known, nameKey: row.nameKey, fingerprint: row.fingerprint },
        content,
      };
    } else if (holder.finds.length === 0 && holder.known.fingerprint === row.fingerprint) {
      unchanged.add(holder.known.id);
      unchangedRows += 1;
    } else {
      holder.finds.push(row);
    }
  }
  const otherwise = [...byId.values()].filter(({ finds }) => finds.length > 0);
  for (const { known: asset } of otherwise) unchanged.delete(asset.id);
  return {
    created: [...holders.values()].flatMap((holder) => holder.created ?? []),
    otherwise,
    unchanged: [...unchanged],
    again,
    unchangedRows,
    keptApart,
  };

  /** The asset of another source that has the row's serial number; null when its numbers mean several, or one that another row is. */
  function adoptHardware(key: string, row: ReadAsset): Seen | null {
    const candidates = (row.found.otherKeys ?? []).flatMap((other) => hardware.get(other) ?? []);
    const [first] = candidates;
    if (!first || candidates.some(({ id }) => id !== first.id) || !isFree(first) || !isSameHardware(row.found, first))
      return null;
    return take(first, key);
  }

  /** Not taken by another row of the flow. */
  function isFree(asset: Candidate): boolean {
    if (asset.flowId === known.flowId && asset.sourceShape !== '') return false;
    return !keyed.has(asset.id) && (byId.get(asset.id)?.adoptedKey ?? null) === null;
  }

  function take(asset: Candidate, key: string): Seen {
    const holder = seenOf(asset);
    holder.adoptedKey = key;
    holders.set(key, holder);
    return holder;
  }

  /** The one asset that is called like the row and that nothing tells apart from it. */
  function adopt(key: string, row: ReadAsset): Seen | null {
    const candidates = namesOf(row)
      .flatMap((name) => called.get(name) ?? [])
      .filter(isFree)
      .filter((asset) => isSameThing(row.found, asset));
    const placeholder = candidates.find(({ sourceShape }) => sourceShape === '');
    const real = [...new Map(candidates.map((asset) => [asset.id, asset])).values()].filter(
      ({ sourceShape }) => sourceShape !== '',
    );
    const only = real.length === 1 && (rivals.get(row.nameKey) ?? 0) < 2 ? real[0] : undefined;
    const adopted = only ?? (real.length === 0 ? placeholder : undefined);
    return adopted ? take(adopted, key) : null;
  }

  function isNamesake(row: ReadAsset, key: string): boolean {
    if (isWeakKey(key) && key !== row.found.key) return true;
    const assets = called.get(row.nameKey) ?? [];
    return assets.some(({ flowId, sourceShape }) => flowId !== known.flowId && sourceShape !== '');
  }
}

/** Rows of a name whose keys nothing has: several of them cannot all be the one asset of that name. */
function countNames(rows: readonly ReadAsset[], holders: ReadonlyMap<string, Holder>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const keys = new Set<string>();
  for (const { found, nameKey } of rows) {
    if (holders.has(found.key) || keys.has(found.key)) continue;
    keys.add(found.key);
    counts.set(nameKey, (counts.get(nameKey) ?? 0) + 1);
  }
  return counts;
}

/** Names under which a row's asset may be known: its own, and a full host name. */
export function namesOf({ found, nameKey }: ReadAsset): string[] {
  const hostname = found.hostname?.includes('.') === true ? nameKeyOf(found.hostname) : nameKey;
  return hostname === nameKey ? [nameKey] : [nameKey, hostname];
}

/**
 * A key that belongs to another thing of another source is not ours: two sources count from 1, say, or an application has the name of a
 * server.
 */
function keyFor({ found, nameKey }: ReadAsset, holders: ReadonlyMap<string, Holder>): string {
  const holder = holders.get(found.key);
  if (!holder) return found.key;
  const held = holder.created ? holder.created.known : holder.known;
  if (held.sourceShape === found.sourceShape) return found.key;
  if (found.fallbackKey !== null) return held.nameKey === nameKey ? found.key : found.fallbackKey;
  const kind = holder.created ? holder.created.content.kind : holder.known.kind;
  const isApart = isWeakKey(found.key) && held.sourceShape !== '' && differInNature(found.kind, kind);
  return isApart ? keyApart(found.key, natureOf(found.kind)!) : found.key;
}

function created(key: string, { found, nameKey, fingerprint }: ReadAsset): NewAsset {
  return {
    known: { id: newUuid(), sourceKey: key, sourceShape: found.sourceShape, nameKey, fingerprint },
    content: contentOf(found),
    otherKeys: found.otherKeys ?? [],
  };
}
