import { TextHash } from '../hashText.js';
import type { RepeatedNames } from '../profile/SourceProfile.js';
import type { SourceRecord } from '../sourceRecord.js';
import { scopeOfRow } from './cleanAsset.js';
import type { CleanAsset } from './cleanResult.js';
import type { CleansingPlan } from './CleansingPlan.js';
import { KeySet, type KnownKey } from './KeySet.js';
import { allHardware, keyWithName, whatTellsApart } from './matchKeysOf.js';

/** More of them are no exceptions: then the rows are duplicates of each other, and are rejected as such. */
const maxNames = 10_000;
/** An id that rows of more names than this share is nobody's. */
const maxNamesOfId = 3;

/**
 * Finds out which keys rows share that are different things: a name at several sites, of several machines, or an id that is none. What
 * repeats nowhere keeps its key, whatever other rows do.
 */
export class RepeatFinder {
  private readonly keys = new KeySet();
  private readonly scoped = new KeySet();
  private readonly hash = new TextHash();
  private readonly names = new Set<string>();
  private readonly byMore = new Set<string>();
  /** Of keys of ids, how many names share each. */
  private readonly namesOfId = new Map<string, number>();
  private readonly sharedHardware = new Set<string>();
  private rows = 0;

  constructor(private readonly plan: CleansingPlan) {}

  /** Rows that have the name or the id of an earlier one and are another thing. */
  get keptApart(): number {
    return this.rows;
  }

  /** The line of the row that this one repeats; null when it is a thing of its own. Has to be asked of every row. */
  repeats(asset: CleanAsset, record: SourceRecord): number | null {
    const { primary, others } = asset.matchKeys;
    if (others !== undefined) this.noteShared(others, asset, record);
    const said = asset.externalId === null ? whatTellsApart(asset) : asset.name.toLowerCase();
    const mark = this.hash.update(said).low;
    const earlier = this.keys.add(primary, record.line, mark);
    const isInAnotherScope = asset.externalId === null && this.isInAnotherScope(asset, record, earlier);
    if (earlier === null) return null;
    const isApart =
      isInAnotherScope ||
      (earlier.mark !== mark &&
        (asset.externalId === null ? this.isAnotherOfName(asset, record, said) : this.isAnotherOfId(asset, record)));
    if (!isApart) return earlier.line;
    this.rows += 1;
    return null;
  }

  found(): RepeatedNames | null {
    if (this.rows === 0 && this.sharedHardware.size === 0) return null;
    const ids = [...this.namesOfId];
    return {
      column: this.plan.scopeCandidate === null ? null : this.plan.names[this.plan.scopeCandidate]!,
      names: [...this.names].sort(),
      byMore: [...this.byMore].sort(),
      ids: ids.flatMap(([id, names]) => (names <= maxNamesOfId ? [id] : [])).sort(),
      sharedIds: ids.flatMap(([id, names]) => (names > maxNamesOfId ? [id] : [])).sort(),
      sharedHardware: [...this.sharedHardware].sort(),
    };
  }

  /** A serial number that a second name has is that of a chassis, a host, or of whoever made the list. */
  private noteShared(keys: readonly string[], { name }: CleanAsset, { line }: SourceRecord): void {
    const mark = this.hash.update(name.toLowerCase()).low;
    for (const key of keys) {
      const earlier = this.keys.add(`hardware ${key}`, line, mark);
      if (earlier === null || earlier.mark === mark) continue;
      this.sharedHardware.add(this.sharedHardware.size < maxNames ? key : allHardware);
    }
  }

  private isInAnotherScope(asset: CleanAsset, record: SourceRecord, earlier: KnownKey | null): boolean {
    if (this.plan.scopeCandidate === null || asset.scope !== null) return false;
    const scope = scopeOfRow(this.plan, record);
    const name = asset.name.toLowerCase();
    const isNew = this.scoped.add(`${name}@${scope?.toLowerCase() ?? ''}`, record.line) === null;
    if (earlier === null || !isNew || scope === null || this.names.size >= maxNames) return false;
    this.names.add(name);
    return true;
  }

  private isAnotherOfName(asset: CleanAsset, record: SourceRecord, said: string): boolean {
    if (this.byMore.size >= maxNames) return false;
    if (this.keys.add(`${asset.matchKeys.primary}~${said}`, record.line) !== null) return false;
    this.byMore.add(asset.name.toLowerCase());
    return true;
  }

  private isAnotherOfId(asset: CleanAsset, record: SourceRecord): boolean {
    const { primary } = asset.matchKeys;
    if (this.namesOfId.size >= maxNames) return false;
    if (this.keys.add(keyWithName(primary, asset.name), record.line) !== null) return false;
    this.namesOfId.set(primary, (this.namesOfId.get(primary) ?? 1) + 1);
    return true;
  }
}
