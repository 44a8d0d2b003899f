import type { RepeatedNames } from '../profile/SourceProfile.js';
import type { SourceRecord } from '../sourceRecord.js';
import { scopeOfRow } from './cleanAsset.js';
import type { CleanAsset } from './cleanResult.js';
import type { CleansingPlan } from './CleansingPlan.js';
import { KeySet } from './KeySet.js';

/** More of them are no exceptions: then the rows are duplicates of each other, and are rejected as such. */
const maxNames = 10_000;

/** Finds out which names rows of several sites share. A name that never repeats keeps its key, whatever other rows do. */
export class RepeatFinder {
  private readonly scoped = new KeySet();
  private readonly names = new Set<string>();

  constructor(private readonly plan: CleansingPlan) {}

  /** Whether a row whose key was there before is another asset after all. Has to be asked about every row. */
  tellsApart(asset: CleanAsset, record: SourceRecord, isRepeat: boolean): boolean {
    if (this.plan.scopeCandidate === null || asset.scope !== null) return false;
    const scope = scopeOfRow(this.plan, record);
    const name = asset.name.toLowerCase();
    const isNew = this.scoped.add(`${name}@${scope?.toLowerCase() ?? ''}`, record.line) === null;
    if (!isRepeat || !isNew || scope === null || this.names.size >= maxNames) return false;
    this.names.add(name);
    return true;
  }

  found(): RepeatedNames | null {
    if (this.names.size === 0) return null;
    return { column: this.plan.names[this.plan.scopeCandidate!]!, names: [...this.names].sort() };
  }
}
