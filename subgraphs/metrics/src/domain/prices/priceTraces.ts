import type { CostSource } from '@tributary/contracts/values';
import type { WorkspaceTransaction } from '@tributary/data';
import { pricesOfModels } from '../../storage/priceStatements.js';
import type { SentTrace } from '../checkTrace.js';
import { toNano } from '../toNano.js';
import { modelNames } from './modelNames.js';
import type { PriceBook } from './PriceBook.js';
import { roundHalfEven } from './roundHalfEven.js';
import { WorkspacePrices } from './WorkspacePrices.js';

export interface TraceCost {
  readonly costNano: bigint;
  readonly costSource: CostSource;
}

/** What a cost must have to fit its column. */
const maxNano = 1e18;

/**
 * What each of these traces costs: what its sender says; else by the prices of the workspace; else by the table that it was started with.
 * A trace that used no tokens cost nothing; one whose price nobody knows is UNPRICED.
 */
export async function priceTraces(
  transaction: WorkspaceTransaction,
  book: PriceBook,
  traces: readonly SentTrace[],
): Promise<readonly TraceCost[]> {
  const models = new Set(traces.filter(needsPrice).flatMap(({ model }) => (model === null ? [] : modelNames(model))));
  if (models.size > 0) await book.load?.();
  const own = models.size === 0 ? [] : await transaction.query(pricesOfModels([...models]));
  const books = own.length === 0 ? [book] : [new WorkspacePrices(own), book];
  return traces.map((trace) => costOf(trace, books));
}

function needsPrice(trace: SentTrace): boolean {
  return trace.costUsd === null && trace.inputTokens + trace.outputTokens + trace.cacheWriteTokens > 0;
}

function costOf(trace: SentTrace, books: readonly PriceBook[]): TraceCost {
  if (trace.costUsd !== null) return { costNano: toNano(trace.costUsd), costSource: 'SENT' };
  if (!needsPrice(trace)) return { costNano: 0n, costSource: 'PRICED' };
  if (trace.model !== null) {
    const call = { ...trace, model: trace.model, at: trace.startedAt };
    for (const book of books) {
      const nano = book.costNano(call);
      if (nano !== null && nano < maxNano) return { costNano: BigInt(roundHalfEven(nano)), costSource: 'PRICED' };
    }
  }
  return { costNano: 0n, costSource: 'UNPRICED' };
}
