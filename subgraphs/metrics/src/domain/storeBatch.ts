import { CodedError } from '@tributary/contracts/errors';
import { appendEvents } from '@tributary/events';
import { newUuid } from '@tributary/kernel';
import type { WorkspaceTransaction } from '@tributary/data';
import { insertTraces } from '../storage/insertTraces.js';
import type { NewTrace } from '../storage/insertTraces.js';
import { beginRollup } from '../storage/rollup/position.js';
import { insertSeries, seriesByNumber } from '../storage/seriesStatements.js';
import type { NewSeries } from '../storage/seriesStatements.js';
import { dimensionNames } from '../storage/traceSeries.js';
import type { TraceDimensions } from '../storage/traceSeries.js';
import { describeBatch } from './describeBatch.js';
import type { KnownSeries } from './KnownSeries.js';

/** Stores traces as one batch of their workspace, and tells of it. Answers the ids of those that were not there. */
export async function storeBatch(
  transaction: WorkspaceTransaction,
  known: KnownSeries,
  traces: readonly NewTrace[],
): Promise<ReadonlySet<string>> {
  const { workspaceId } = transaction;
  const unknown = [...firstOfEachSeries(traces)].filter(([series]) => !known.has(workspaceId, series));
  if (unknown.length > 0) {
    // From here on its events are kept until they are rolled up.
    await transaction.query(beginRollup());
    await storeSeries(
      transaction,
      unknown.map(([, trace]) => toSeries(trace)),
    );
    transaction.afterCommit(() =>
      known.add(
        workspaceId,
        unknown.map(([series]) => series),
      ),
    );
  }
  const batchId = newUuid();
  const stored = new Set(await transaction.query(insertTraces(batchId, traces)));
  const fresh = traces.filter((trace) => stored.has(trace.id));
  if (fresh.length > 0)
    appendEvents(transaction, 'traces', [
      { type: 'traces.ingested', payload: describeBatch(batchId, fresh, new Date()) },
    ]);
  return stored;
}

async function storeSeries(transaction: WorkspaceTransaction, wanted: readonly NewSeries[]): Promise<void> {
  await transaction.query(insertSeries(wanted));
  const stored = await transaction.query(seriesByNumber(wanted.map(({ series }) => series)));
  const dimensions = new Map(stored.map((each) => [each.series, each]));
  if (dimensions.size < wanted.length)
    throw new CodedError('INTERNAL_ERROR', 'These traces could not be stored: their workspace has no row of its own.');
  const taken = wanted.find((each) => !isSame(each, dimensions.get(each.series)));
  if (taken)
    throw new CodedError('INTERNAL_ERROR', 'Two combinations of an agent’s names came to the same number.', {
      series: taken.series,
    });
}

function isSame(wanted: TraceDimensions, stored: TraceDimensions | undefined): boolean {
  return dimensionNames.every((name) => wanted[name] === stored?.[name]);
}

/** By series, the trace of it that began first. */
function firstOfEachSeries(traces: readonly NewTrace[]): Map<string, NewTrace> {
  const first = new Map<string, NewTrace>();
  for (const trace of traces) {
    const other = first.get(trace.series);
    if (!other || trace.startedAt < other.startedAt) first.set(trace.series, trace);
  }
  return first;
}

function toSeries({
  series,
  agent,
  department,
  environment,
  model,
  provider,
  version,
  kind,
  startedAt,
}: NewTrace): NewSeries {
  return { series, agent, department, environment, model, provider, version, kind, firstAt: startedAt };
}
