import type { TraceKind, TraceStatus } from '@tributary/contracts/values';
import type { ErrorCode } from '@tributary/contracts/errors';

/** A trace as its sender describes it. */
export interface SentTrace {
  readonly externalId: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly status: TraceStatus;
  readonly agent: string;
  readonly operation: string;
  readonly model: string | null;
  readonly department: string | null;
  readonly environment: string | null;
  readonly version: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of `inputTokens` those that the provider had already, and those that it was told to keep. */
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  /** US dollars. Null: to be priced. */
  readonly costUsd: number | null;
  readonly flowId: string | null;
  readonly kind: TraceKind;
  readonly provider: string | null;
  readonly sessionId: string | null;
  readonly userId: string | null;
  /** Shared by all traces of one run. Null where the sender knows no tree. */
  readonly runId: string | null;
  /** `externalId` of the trace that this one is a part of. */
  readonly parentExternalId: string | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What a sender that knows nothing of these leaves open. */
export const plainTrace = {
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  kind: 'OTHER',
  provider: null,
  sessionId: null,
  userId: null,
  runId: null,
  parentExternalId: null,
} as const satisfies Partial<SentTrace>;

export interface TraceFault {
  readonly code: ErrorCode;
  readonly message: string;
}

const earliest = Date.UTC(1990, 0, 1);
const latest = Date.UTC(2200, 0, 1);
const yearMs = 366 * 86_400_000;
/** A sender's clock may be wrong by so much: beyond it, its traces would stand before all others for as long. */
const maxSkewMs = 86_400_000;
const maxUsd = 1_000_000_000;
const maxTokens = 2_147_483_647;
const maxAttributeBytes = 16_384;
const deepestAttributes = 20;

const names = ['agent', 'operation'] as const;
const labels = ['model', 'provider', 'department', 'environment', 'version', 'sessionId', 'userId'] as const;

/** What keeps a trace from being stored, or null. */
export function findFault(trace: SentTrace): TraceFault | null {
  if (!isExternalId(trace.externalId)) {
    return invalid('externalId has 1 to 64 characters out of A-Z, a-z, 0-9, "_" and "-".');
  }
  const startedMs = trace.startedAt.getTime();
  if (!(startedMs >= earliest && startedMs < latest)) return invalid('startedAt lies between the years 1990 and 2200.');
  if (isAhead(trace.startedAt)) return invalid('startedAt is more than a day from now: look at the sender’s clock.');
  if (!isBetween(trace.durationMs, yearMs)) return invalid('durationMs is 0 or more, and a year at most.');
  for (const field of names) {
    if (trace[field].trim() === '') return { code: 'MISSING_REQUIRED_FIELD', message: `${field} must not be blank.` };
    if (!isStorable(trace[field], 200)) return invalid(`${field} has 1 to 200 characters, none of them NUL.`);
  }
  for (const field of labels) {
    const text = trace[field];
    if (text !== null && (text === '' || !isStorable(text, 200))) {
      return invalid(`${field} has 1 to 200 characters, none of them NUL, or is null.`);
    }
  }
  for (const field of ['runId', 'parentExternalId'] as const) {
    const text = trace[field];
    if (text !== null && !isExternalId(text)) return invalid(`${field} has the form of an externalId, or is null.`);
  }
  if (trace.flowId !== null && (trace.flowId === '' || !isStorable(trace.flowId, 200))) {
    return invalid('flowId is the id of a flow, or null.');
  }
  for (const field of ['inputTokens', 'outputTokens', 'cachedInputTokens', 'cacheWriteTokens'] as const) {
    if (!Number.isInteger(trace[field]) || !isBetween(trace[field], maxTokens)) {
      return invalid(`${field} is a whole number of 0 or more.`);
    }
  }
  if (trace.costUsd !== null && !isBetween(trace.costUsd, maxUsd))
    return invalid('costUsd is 0 or more, and a billion at most.');
  return findAttributeFault(trace.attributes);
}

/** Whether a trace begins further ahead than a clock may be wrong. */
export function isAhead(startedAt: Date): boolean {
  return startedAt.getTime() > Date.now() + maxSkewMs;
}

function isExternalId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

function findAttributeFault(attributes: Readonly<Record<string, unknown>>): TraceFault | null {
  if (Buffer.byteLength(JSON.stringify(attributes)) > maxAttributeBytes) {
    return { code: 'QUOTA_EXCEEDED', message: 'attributes have 16 KB of JSON at most.' };
  }
  if (isStorableJson(attributes, 0)) return null;
  return invalid('attributes hold a text that cannot be stored (NUL or half a surrogate pair), or are too deep.');
}

function invalid(message: string): TraceFault {
  return { code: 'INVALID_INPUT', message };
}

function isBetween(value: number, most: number): boolean {
  return Number.isFinite(value) && value >= 0 && value <= most;
}

/** PostgreSQL takes neither NUL nor, in jsonb, half a surrogate pair: one such text would fail the whole batch. */
function isStorable(text: string, most: number): boolean {
  return text.length <= most && !text.includes('\0') && text.isWellFormed();
}

function isStorableJson(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isStorable(value, maxAttributeBytes);
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= deepestAttributes) return false;
  return Object.entries(value).every(
    ([key, inner]) => isStorable(key, maxAttributeBytes) && isStorableJson(inner, depth + 1),
  );
}
