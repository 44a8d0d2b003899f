import { CodedError } from '@tributary/contracts/errors';
import { encodeId } from '@tributary/contracts/ids';
import type { ErrorCode } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database } from '@tributary/data';
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
}

export interface IntakeOutcome {
  readonly accepted: number;
  /** Sent before, in this call or an earlier one. */
  readonly duplicates: number;
  readonly rejected: readonly RejectedTrace[];
}

export const maxTraces = 1_000;

/** Takes traces in: checks each by itself and stores the sound ones as one batch, each (external id, start) once for ever. */
export class TraceIntake {
  private readonly known = new KnownSeries();

  constructor(
    private readonly database: Database,
    private readonly prices: PriceBook,
  ) {}

  /** Throws INVALID_INPUT for more than 1,000 traces. A faulty trace is rejected alone. */
  async take(context: RequestContext, sent: readonly SentTrace[]): Promise<IntakeOutcome> {
    if (sent.length > maxTraces) {
      throw new CodedError('INVALID_INPUT', 'At most 1,000 traces are taken in one call. Send the rest in another.', {
        field: 'traces',
        limit: maxTraces,
      });
    }
    const rejected: RejectedTrace[] = [];
    const sound = new Map<string, SentTrace>();
    sent.forEach((trace, index) => {
      const fault = findFault(trace);
      if (fault) rejected.push({ index, ...fault });
      else {
        const id = traceIdOf(trace.startedAt, trace.externalId);
        if (!sound.has(id)) sound.set(id, trace);
      }
    });
    const accepted = await this.store(context, [...sound.values()], sent.length - rejected.length, rejected.length);
    return { accepted, duplicates: sent.length - rejected.length - accepted, rejected };
  }

  private async store(
    context: RequestContext,
    traces: readonly SentTrace[],
    sound: number,
    rejected: number,
  ): Promise<number> {
    if (traces.length === 0) return 0;
    const { actor, workspaceId } = context.principal;
    return this.database.withWorkspace(scopeOf(context), async (transaction) => {
      const costs = await priceTraces(transaction, this.prices, traces);
      const rows = traces.map((trace, index) => toNewTrace(trace, costs[index]!));
      const accepted = (await storeBatch(transaction, this.known, rows)).size;
      // What the product's own agents did is in the audit trail by their flow's transitions.
      if (actor.kind !== 'system') {
        audit(transaction, {
          actor,
          action: 'trace.ingest',
          entityType: 'Workspace',
          entityId: encodeId('ws', workspaceId),
          before: null,
          after: { accepted, duplicates: sound - accepted, rejected },
          requestId: context.requestId,
        });
      }
      return accepted;
    });
  }
}
