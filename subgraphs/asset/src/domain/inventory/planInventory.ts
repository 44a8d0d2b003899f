import { newUuid } from '@tributary/kernel';
import type { AssetContent } from '../../storage/assetContent.js';
import type { KnownAsset } from '../../storage/inventoryStatements.js';
import type { ReadAsset } from './foundAsset.js';
import { contentOf, isSameContent, mergeContent } from './mergeContent.js';

/** An asset that a chunk creates. */
export interface NewAsset {
  readonly known: KnownAsset;
  readonly content: AssetContent;
}

/** An asset that is known and of which a source says something else than before: what it said, in order. */
export interface SeenOtherwise {
  readonly known: KnownAsset;
  readonly finds: readonly ReadAsset[];
  /** The key that the asset gets, when only a dependency had named it; else null. */
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
}

type Holder = { created: { known: KnownAsset; content: AssetContent } } | Seen;
interface Seen {
  created: null;
  known: KnownAsset;
  finds: ReadAsset[];
  adoptedKey: string | null;
}

/**
 * Decides what a chunk does, row by row in its order: `known` holds the assets that have one of its keys, `placeholders` those that only
 * a dependency named, by name.
 */
export function planInventory(
  rows: readonly ReadAsset[],
  known: readonly KnownAsset[],
  placeholders: readonly KnownAsset[],
): InventoryPlan {
  const holders = new Map<string, Holder>(known.map((asset) => [asset.sourceKey, seen(asset)]));
  const keyed = new Set(known.map((asset) => asset.id));
  const unkeyed = placeholders.filter((asset) => !keyed.has(asset.id));
  const nameless = new Map(unkeyed.map((asset) => [asset.nameKey, asset]));
  const again = { updated: 0, unchanged: 0 };
  let unchangedRows = 0;
  const unchanged = new Set<string>();
  for (const row of rows) {
    const key = keyFor(row, holders);
    const holder = holders.get(key) ?? adopt(key, row, holders, nameless);
    if (!holder) {
      holders.set(key, { created: created(key, row) });
    } else if (holder.created) {
      const before = holder.created;
      const content = mergeContent(before.content, row.found, {
        owns: row.found.sourceShape === before.known.sourceShape,
        editedFields: [],
      });
      again[isSameContent(before.content, content) ? 'unchanged' : 'updated'] += 1;
      holder.created = { known: { ...before.known, nameKey: row.nameKey, fingerprint: row.fingerprint }, content };
    } else if (holder.finds.length === 0 && holder.known.fingerprint === row.fingerprint) {
      unchanged.add(holder.known.id);
      unchangedRows += 1;
    } else {
      holder.finds.push(row);
    }
  }
  const all = [...holders.values()];
  const otherwise = all.filter((holder): holder is Seen => holder.created === null && holder.finds.length > 0);
  for (const { known: asset } of otherwise) unchanged.delete(asset.id);
  return {
    created: all.flatMap((holder) => holder.created ?? []),
    otherwise,
    unchanged: [...unchanged],
    again,
    unchangedRows,
  };
}

/** A key that belongs to another thing of another source is not ours: two sources count from 1, say. */
function keyFor({ found, nameKey }: ReadAsset, holders: ReadonlyMap<string, Holder>): string {
  const holder = holders.get(found.key);
  if (!holder || found.fallbackKey === null) return found.key;
  const held = holder.created ? holder.created.known : holder.known;
  return held.nameKey !== nameKey && held.sourceShape !== found.sourceShape ? found.fallbackKey : found.key;
}

function adopt(
  key: string,
  row: ReadAsset,
  holders: Map<string, Holder>,
  nameless: Map<string, KnownAsset>,
): Seen | null {
  const placeholder = nameless.get(row.nameKey);
  if (!placeholder) return null;
  nameless.delete(row.nameKey);
  const holder = { ...seen(placeholder), adoptedKey: key };
  holders.set(key, holder);
  return holder;
}

function seen(known: KnownAsset): Seen {
  return { created: null, known, finds: [], adoptedKey: null };
}

function created(key: string, { found, nameKey, fingerprint }: ReadAsset): NewAsset {
  return {
    known: { id: newUuid(), sourceKey: key, sourceShape: found.sourceShape, nameKey, fingerprint },
    content: contentOf(found),
  };
}
