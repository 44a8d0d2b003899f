import { createHash } from 'node:crypto';
import type { TraceKind } from '@tributary/contracts/values';

/** What traces are told apart by in figures: each combination is stored once, and traces name it by its number. */
export interface TraceDimensions {
  readonly agent: string;
  readonly department: string | null;
  readonly environment: string | null;
  readonly model: string | null;
  readonly provider: string | null;
  readonly version: string | null;
  readonly kind: TraceKind;
}

/** In the order in which their number is made: it can never change. */
export const dimensionNames = ['agent', 'department', 'environment', 'model', 'provider', 'version', 'kind'] as const;

/** The number of a combination: the first 64 bits of SHA-256 of its values, as PostgreSQL's bigint writes them. */
export function seriesOf(dimensions: TraceDimensions): string {
  const text = dimensionNames.map((name) => lengthAndText(dimensions[name])).join('');
  return createHash('sha256').update(text).digest().readBigInt64BE(0).toString();
}

/** With its length in front, no two lists of values make the same text. */
function lengthAndText(value: string | null): string {
  return value === null ? '-' : `${Buffer.byteLength(value)}:${value}`;
}
