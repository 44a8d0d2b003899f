import { CodedError } from '@tributary/contracts/errors';
import { encodeId } from '@tributary/contracts/ids';
import type { ErrorCode } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { holdRetention } from '../storage/retentionStatements.js';
import { traceIdOf } from '../storage/traceId.js';
import { findFault } from './checkTrace.js';
import type { SentTrace } from './checkTrace.js';
import type { PriceBook } from './prices/PriceBook.js';
import { priceTraces } from './prices/priceTraces.js';
import { KnownSeries } from './KnownSeries.js';
import { storeBatch } from './storeBatch.js';
import { toNewTrace } from './toNewTrace.js';

export interface RejectedTrace {
  /** Place in the list that was sent, from 0. */
  readonly index: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** What a program can tell it by; null where the code says all. */
  readonly reason: 'TOO_OLD' | null;
}

export interface IntakeOutcome {
  readonly accepted: number;
  /** Sent before, in this call or an earlier one. */
  readonly duplicates: number;
  readonly rejected: readonly RejectedTrace[];
}

export const maxTraces = 1_000;
const dayMs = 86_400_000;
/** Traces of so many days are never given up, so that nobody has to ask. One less than the least that TRACE_DAYS may be: clocks differ. */
const leastKeptDays = 6;

/** Takes traces in: checks each by itself and stores the sound ones as one batch, each (external id, start) once for ever. */
export class TraceIntake {
  private readonly known = new KnownSeries();

  /** `keptDays`: traces that began earlier are refused. Null: none are for their age. */
  constructor(
    private readonly database: Database,
    private readonly prices: PriceBook,
    private readonly keptDays: number | null = null,
  ) {}

  /** Throws INVALID_INPUT for more than 1,000 traces. A faulty trace is rejected alone. */
  async take(context: RequestContext, sent: readonly SentTrace[]): Promise<IntakeOutcome> {
    if (sent.length > maxTraces) {
      throw new CodedError('INVALID_INPUT', 'At most 1,000 traces are taken in one call. Send the rest in another.', {
        field: 'traces',
        limit: maxTraces,
      });
    }
    const keptFrom = this.keptDays === null ? null : new Date(Date.now() - this.keptDays * dayMs);
    const rejected: RejectedTrace[] = [];
    const sound = new Map<string, Placed>();
    sent.forEach((trace, index) => {
      const fault = findFault(trace);
      if (fault) rejected.push({ index, ...fault, reason: null });
      else if (keptFrom && trace.startedAt < keptFrom) rejected.push(tooOld(index, keptFrom));
      else {
        const id = traceIdOf(trace.startedAt, trace.externalId);
        if (!sound.has(id)) sound.set(id, { index, trace });
      }
    });
    const accepted = await this.store(context, [...sound.values()], sent.length, rejected);
    return { accepted, duplicates: sent.length - rejected.length - accepted, rejected };
  }

  /** Stores what is not given up already, and adds the others to `rejected`. */
  private async store(
    context: RequestContext,
    traces: readonly Placed[],
    sent: number,
    rejected: RejectedTrace[],
  ): Promise<number> {
    if (traces.length === 0) return 0;
    const { actor, workspaceId } = context.principal;
    return this.database.withWorkspace(scopeOf(context), async (transaction) => {
      const keptFrom = await this.givenUpBefore(transaction, traces);
      const kept = traces.filter(({ trace }) => keptFrom === null || trace.startedAt >= keptFrom);
      for (const each of traces) if (keptFrom && !kept.includes(each)) rejected.push(tooOld(each.index, keptFrom));
      const fresh = kept.map(({ trace }) => trace);
      const costs = await priceTraces(transaction, this.prices, fresh);
      const rows = fresh.map((trace, index) => toNewTrace(trace, costs[index]!));
      const accepted = rows.length === 0 ? 0 : (await storeBatch(transaction, this.known, rows)).size;
      // What the product's own agents did is in the audit trail by their flow's transitions.
      if (actor.kind !== 'system') {
        audit(transaction, {
          actor,
          action: 'trace.ingest',
          entityType: 'Workspace',
          entityId: encodeId('ws', workspaceId),
          before: null,
          after: { accepted, duplicates: sent - rejected.length - accepted, rejected: rejected.length },
          requestId: context.requestId,
        });
      }
      return accepted;
    });
  }

  /** The moment before which this workspace's traces are given up, whatever this process was told; null when these are younger. */
  private async givenUpBefore(transaction: WorkspaceTransaction, traces: readonly Placed[]): Promise<Date | null> {
    const oldest = traces.reduce((one, { trace }) => Math.min(one, trace.startedAt.getTime()), Infinity);
    if (oldest >= Date.now() - leastKeptDays * dayMs) return null;
    const day = await transaction.queryOne(holdRetention());
    return day === null ? null : new Date(`${day}T00:00:00.000Z`);
  }
}

interface Placed {
  /** In the list that was sent. */
  readonly index: number;
  readonly trace: SentTrace;
}

function tooOld(index: number, keptFrom: Date): RejectedTrace {
  const day = keptFrom.toISOString().slice(0, 10);
  const message = `Traces of before ${day} are no longer kept, so this one cannot be added to their figures.`;
  return { index, code: 'INVALID_INPUT', message, reason: 'TOO_OLD' };
}
