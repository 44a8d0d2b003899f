import { CodedError } from '@tributary/contracts/errors';
import { encodeId } from '@tributary/contracts/ids';
import type { ErrorCode } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database, TenantScope, WorkspaceTransaction } from '@tributary/data';
import { holdRetention } from '../storage/retentionStatements.js';
import { traceIdOf } from '../storage/traceId.js';
import { findFault } from './checkTrace.js';
import type { SentTrace } from './checkTrace.js';
import type { PriceBook } from './prices/PriceBook.js';
import { priceTraces } from './prices/priceTraces.js';
import { KnownSeries } from './KnownSeries.js';
import { SharedCommits } from './SharedCommits.js';
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
/** Calls with fewer traces share a commit with others of their workspace. */
const sharedBelow = 200;
const dayMs = 86_400_000;
/** Traces of so many days are never given up, so that nobody has to ask. One less than the least that TRACE_DAYS may be: clocks differ. */
const leastKeptDays = 6;

/** Takes traces in: checks each by itself and stores the sound ones as one batch, each (external id, start) once for ever. */
export class TraceIntake {
  private readonly known = new KnownSeries();
  private readonly shared = new SharedCommits<Call, Stored>(maxTraces, (workspaceId, calls) =>
    // Nobody's deadline ends what others wait for.
    this.commit(calls.length === 1 ? scopeOf(calls[0]!.context) : { workspaceId }, calls),
  );

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
        if (!sound.has(id)) sound.set(id, { id, index, trace });
      }
    });
    const call = { context, traces: [...sound.values()], sent: sent.length, rejected, size: sound.size };
    const { accepted, givenUp } = await this.store(call);
    rejected.push(...givenUp);
    return { accepted, duplicates: sent.length - rejected.length - accepted, rejected };
  }

  private async store(call: Call): Promise<Stored> {
    if (call.size === 0) return { accepted: 0, givenUp: [] };
    const scope = scopeOf(call.context);
    if (call.size < sharedBelow) return this.shared.run(scope.workspaceId, call);
    const [stored] = await this.commit(scope, [call]);
    return stored!;
  }

  /** Stores what calls of one workspace brought and is not given up already, as one batch. A trace that several brought is the first one's. */
  private commit(scope: TenantScope, calls: readonly Call[]): Promise<Stored[]> {
    return this.database.withWorkspace(scope, async (transaction) => {
      const keptFrom = await this.givenUpBefore(
        transaction,
        calls.flatMap(({ traces }) => traces),
      );
      const isKept = ({ trace }: Placed) => keptFrom === null || trace.startedAt >= keptFrom;
      const owners = new Map<string, Owned>();
      for (const call of calls)
        for (const { id, trace } of call.traces.filter(isKept)) if (!owners.has(id)) owners.set(id, { call, trace });
      const fresh = [...owners.values()].map(({ trace }) => trace);
      const costs = await priceTraces(transaction, this.prices, fresh);
      const rows = fresh.map((trace, index) => toNewTrace(trace, costs[index]!));
      const accepted = new Map<Call, number>();
      if (rows.length > 0)
        for (const id of await storeBatch(transaction, this.known, rows)) {
          const { call } = owners.get(id)!;
          accepted.set(call, (accepted.get(call) ?? 0) + 1);
        }
      return calls.map((call) => {
        const givenUp = call.traces.filter((each) => !isKept(each)).map(({ index }) => tooOld(index, keptFrom!));
        const stored = { accepted: accepted.get(call) ?? 0, givenUp };
        auditOf(transaction, call, stored);
        return stored;
      });
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

/** What one caller brought. */
interface Call {
  readonly context: RequestContext;
  readonly traces: readonly Placed[];
  readonly sent: number;
  /** Those that were refused before anything was read. */
  readonly rejected: readonly RejectedTrace[];
  /** Traces to store. */
  readonly size: number;
}

interface Stored {
  readonly accepted: number;
  readonly givenUp: readonly RejectedTrace[];
}

interface Owned {
  readonly call: Call;
  readonly trace: SentTrace;
}

/** What the product's own agents did is in the audit trail by their flow's transitions. */
function auditOf(transaction: WorkspaceTransaction, call: Call, { accepted, givenUp }: Stored): void {
  const { context, sent } = call;
  const rejected = call.rejected.length + givenUp.length;
  const { actor, workspaceId } = context.principal;
  if (actor.kind === 'system') return;
  audit(transaction, {
    actor,
    action: 'trace.ingest',
    entityType: 'Workspace',
    entityId: encodeId('ws', workspaceId),
    before: null,
    after: { accepted, duplicates: sent - rejected - accepted, rejected },
    requestId: context.requestId,
  });
}

interface Placed {
  readonly id: string;
  /** In the list that was sent. */
  readonly index: number;
  readonly trace: SentTrace;
}

function tooOld(index: number, keptFrom: Date): RejectedTrace {
  const day = keptFrom.toISOString().slice(0, 10);
  const message = `Traces of before ${day} are no longer kept, so this one cannot be added to their figures.`;
  return { index, code: 'INVALID_INPUT', message, reason: 'TOO_OLD' };
}
