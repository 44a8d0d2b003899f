import type { SourceFormat } from '@tributary/contracts/values';
import type { DateOrder } from '../normalise/date.js';
import type { ValueShape } from './valueShapes.js';

/** What one column holds. Plain JSON, so that a flow can keep it between phases. */
export interface ColumnProfile {
  readonly name: string;
  /** Rows with something in it; `-`, `n/a`, `null` and their like count as empty. */
  readonly filled: number;
  /** Different values: exact up to 256, else within a few per cent. */
  readonly distinct: number;
  readonly maxLength: number;
  /** At most 5 values of at most 80 characters. They may be personal data. */
  readonly samples: readonly string[];
  /** Share of the filled cells, 0 to 1, that have each shape; absent: none. Estimated from a sample in long columns. */
  readonly shapes: Readonly<Partial<Record<ValueShape, number>>>;
  /** What dates like 13/04/2026 in this column show; null when none shows it. */
  readonly dateOrder: DateOrder | null;
}

export interface SourceProfile {
  readonly format: SourceFormat;
  /** Records that could be read. */
  readonly rows: number;
  /** Rows that could not: broken, ragged or too long. */
  readonly rejected: number;
  readonly bytes: number;
  readonly columns: readonly ColumnProfile[];
}
