import type { TenantScope } from '@tributary/data';
import { LRUCache } from 'lru-cache';

/** From ≤ t < to, in milliseconds since 1970. */
export interface MomentSpan {
  readonly from: number;
  readonly to: number;
}

/** One change of a workspace's data, by its number in the log. */
export interface RangeChange {
  readonly sequence: number;
  /** What it touched. */
  readonly spans: readonly MomentSpan[];
}

/** What the log holds behind a number, in one snapshot. */
export interface ChangesRead {
  /** The last number of the log; 0 of an empty one. */
  readonly last: number;
  /** The oldest number that the log still holds. */
  readonly oldest: number;
  /** Ascending, at most as many as were asked for. */
  readonly changes: readonly RangeChange[];
}

/** Reads up to `limit` changes behind `after`; none for a limit of 0. */
export type ReadChanges = (scope: TenantScope, after: number, limit: number) => Promise<ChangesRead>;

interface Known {
  /** What was changed by numbers up to this one is not known any more. */
  since: number;
  upTo: number;
  spans: (MomentSpan & { readonly sequence: number })[];
}

const maxWorkspaces = 1_000;
const maxSpans = 1_000;
const pageSize = 500;
/** More changes than these are not looked through: what was kept before them counts as changed. */
const maxPages = 4;

/**
 * Which ranges of time a workspace's log has changed, and by which of its numbers. The log is asked whenever it matters, so that nothing
 * depends on a message having come: an answer whose range was touched behind its number is not given again.
 */
export class RangeChanges {
  private readonly known = new LRUCache<string, Known>({ max: maxWorkspaces });

  constructor(private readonly readChanges: ReadChanges) {}

  /** A number of the log that everything read from now on has behind it. */
  async position(scope: TenantScope): Promise<number> {
    return (this.known.get(scope.workspaceId) ?? (await this.begin(scope))).upTo;
  }

  /** Whether anything behind number `since` has changed the range, as far as the log tells now. */
  async touches(scope: TenantScope, since: number, range: MomentSpan): Promise<boolean> {
    const known = await this.catchUp(scope);
    // A number that the log has not come to is one of another log, as before a restore.
    if (since < known.since || since > known.upTo) return true;
    return known.spans.some(({ sequence, from, to }) => sequence > since && from < range.to && to > range.from);
  }

  private async begin(scope: TenantScope): Promise<Known> {
    const { last } = await this.readChanges(scope, 0, 0);
    const known: Known = { since: last, upTo: last, spans: [] };
    this.known.set(scope.workspaceId, known);
    return known;
  }

  private async catchUp(scope: TenantScope): Promise<Known> {
    const known = this.known.get(scope.workspaceId);
    if (!known) return this.begin(scope);
    for (let page = 0; page < maxPages; page += 1) {
      const read = await this.readChanges(scope, known.upTo, pageSize);
      if (read.oldest > known.upTo + 1 || read.last < known.upTo) return this.begin(scope);
      for (const change of read.changes) this.add(known, change);
      if (read.changes.length < pageSize) return known;
    }
    return this.begin(scope);
  }

  private add(known: Known, { sequence, spans }: RangeChange): void {
    // Whoever asks at the same time has read the same changes.
    if (sequence <= known.upTo) return;
    known.upTo = sequence;
    for (const { from, to } of spans) {
      known.spans = known.spans.filter((span) => span.from < from || span.to > to);
      known.spans.push({ from, to, sequence });
    }
    for (const { sequence: dropped } of known.spans.splice(0, Math.max(0, known.spans.length - maxSpans)))
      known.since = Math.max(known.since, dropped);
  }
}
