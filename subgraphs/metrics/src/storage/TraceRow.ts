import type { CostSource, TraceKind, TraceStatus } from '@tributary/contracts/values';
import type { Row } from '@tributary/data';
import { startedAtOf } from './traceId.js';
import type { TraceDimensions } from './traceSeries.js';

/** One run of an agent, as stored. */
export interface TraceRow extends TraceDimensions {
  readonly id: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly status: TraceStatus;
  readonly kind: TraceKind;
  readonly operation: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of the input tokens, those that the model had read before. */
  readonly cachedInputTokens: number;
  readonly costUsd: number;
  readonly costSource: CostSource;
  /** Its sender's. */
  readonly externalId: string;
  /** The run that it is a part of, and the external id of what called it; null where the sender has no tree. */
  readonly runId: string | null;
  readonly parentExternalId: string | null;
  /** As sent: a public id of a flow that may not be known here. */
  readonly flowId: string | null;
  readonly sessionId: string | null;
  readonly userId: string | null;
  readonly attributes: Record<string, unknown>;
}

/** Columns of table trace as `t` and of its series as `s`, which `toTraceRow` reads. */
export const traceColumns = `t.id, t.duration_ms, t.status, t.kind, t.operation, t.input_tokens, t.output_tokens, t.cached_input_tokens,
  t.cost_nano, t.cost_source, t.external_id, t.run_id, t.parent_external_id, t.flow_id, t.session_id, t.user_id, t.attributes,
  s.agent, s.department, s.environment, s.model, s.provider, s.version`;

export function toTraceRow(row: Row): TraceRow {
  const id = row['id'] as string;
  return {
    id,
    startedAt: startedAtOf(id),
    durationMs: row['duration_ms'] as number,
    status: row['status'] as TraceStatus,
    kind: row['kind'] as TraceKind,
    operation: row['operation'] as string,
    inputTokens: row['input_tokens'] as number,
    outputTokens: row['output_tokens'] as number,
    cachedInputTokens: row['cached_input_tokens'] as number,
    costUsd: Number(row['cost_nano']) / 1e9,
    costSource: row['cost_source'] as CostSource,
    externalId: row['external_id'] as string,
    runId: row['run_id'] as string | null,
    parentExternalId: row['parent_external_id'] as string | null,
    flowId: row['flow_id'] as string | null,
    sessionId: row['session_id'] as string | null,
    userId: row['user_id'] as string | null,
    attributes: (row['attributes'] as Record<string, unknown> | null) ?? {},
    agent: row['agent'] as string,
    department: row['department'] as string | null,
    environment: row['environment'] as string | null,
    model: row['model'] as string | null,
    provider: row['provider'] as string | null,
    version: row['version'] as string | null,
  };
}
