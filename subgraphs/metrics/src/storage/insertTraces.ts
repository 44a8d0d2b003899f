import { bulkInsert, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import type { TraceRow } from './TraceRow.js';

export interface NewTrace extends Omit<TraceRow, 'costUsd'> {
  readonly series: string;
  /** In 10⁻⁹ US dollars. */
  readonly costNano: bigint;
}

/**
 * Stores traces as one batch and answers the id of each that is new: an id that the workspace has already is passed over. Rows go in
 * ordered by id, so that two senders of the same traces wait for each other instead of deadlocking.
 */
export function insertTraces(batchId: string, traces: readonly NewTrace[]): Statement<string> {
  const { text, values } = bulkInsert({
    into: 'trace',
    entries: traces,
    shared: { batch_id: ['uuid', batchId] },
    columns: {
      id: { type: 'uuid', of: (trace) => trace.id },
      series: { type: 'bigint', of: (trace) => trace.series },
      duration_ms: { type: 'float8', of: (trace) => trace.durationMs },
      cost_nano: { type: 'bigint', of: (trace) => trace.costNano.toString() },
      input_tokens: { type: 'integer', of: (trace) => trace.inputTokens },
      output_tokens: { type: 'integer', of: (trace) => trace.outputTokens },
      cached_input_tokens: { type: 'integer', of: (trace) => trace.cachedInputTokens },
      status: { type: 'text', of: (trace) => trace.status },
      kind: { type: 'text', of: (trace) => trace.kind },
      cost_source: { type: 'text', of: (trace) => trace.costSource },
      operation: { type: 'text', of: (trace) => trace.operation },
      external_id: { type: 'text', of: (trace) => trace.externalId },
      run_id: { type: 'text', of: (trace) => trace.runId },
      parent_external_id: { type: 'text', of: (trace) => trace.parentExternalId },
      flow_id: { type: 'text', of: (trace) => trace.flowId },
      session_id: { type: 'text', of: (trace) => trace.sessionId },
      user_id: { type: 'text', of: (trace) => trace.userId },
      attributes: { type: 'jsonb', of: ({ attributes }) => (isEmpty(attributes) ? null : JSON.stringify(attributes)) },
    },
    orderBy: 'entry.id',
    behind: 'on conflict (workspace_id, id) do nothing returning id',
  });
  return sql('metrics.insertTraces', text, values, (row) => row['id'] as string);
}

function isEmpty(attributes: object): boolean {
  return Object.keys(attributes).length === 0;
}
