import type { AssetKind } from '@tributary/contracts/values';
import type { TargetField } from './mapping/mappingTargets.js';
import type { RowErrorCode } from './sourceErrors.js';

/** A cell: text from CSV; JSON keeps numbers, booleans and lists of scalars. Null and undefined: not there. */
export type SourceValue = string | number | boolean | null | undefined | readonly (string | number | boolean)[];

export interface SourceRecord {
  /**
   * 1-based. CSV and JSON lines: the line that the record starts on. Other JSON: the number of the record in its list,
   * because a whole document is often one line. Unique within a source either way.
   */
  readonly line: number;
  /** By position in `RecordBatch.columns`; may be shorter. */
  readonly values: readonly SourceValue[];
  /** Fields of a JSON record met after the source's columns were used up. Kept as attributes, never mapped. */
  readonly overflow?: Readonly<Record<string, SourceValue>>;
}

export interface RejectedRow {
  readonly line: number;
  readonly code: RowErrorCode;
  readonly message: string;
  /** The row as it was read, cut to a bounded size: cells by column, or `{ text }` when it could not be split. */
  readonly raw: Readonly<Record<string, string>>;
}

/** What a known source says of one of its columns. */
export interface KnownColumn {
  readonly target: TargetField;
  /** What the other end must be, for edges; null: not said. */
  readonly toKind: AssetKind | null;
}

/** A source that was recognised, and what it says of its columns. */
export interface KnownSource {
  /** `kubernetes-objects`; the public id of a workspace's own. */
  readonly id: string;
  /** What the workspace wrote; null for one that comes with the product. */
  readonly content: string | null;
  readonly name: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** By column. */
  readonly columns: ReadonlyMap<string, KnownColumn>;
}

/** Which table of a source with several: a sheet of a workbook, a file of an archive. */
export interface SheetPlace {
  readonly name: string;
  /** Lines of the sheets before: added to a line, they make it unique in the source. */
  readonly linesBefore: number;
}

export interface RecordBatch {
  /** Absent or null: the source is one table. Lines, columns and known source are the sheet's own. */
  readonly sheet?: SheetPlace | null;
  /** Names by position. A JSON source may add columns from batch to batch, only at the end. */
  readonly columns: readonly string[];
  /** Null: no source that we know. */
  readonly known?: KnownSource | null;
  readonly records: readonly SourceRecord[];
  readonly rejected: readonly RejectedRow[];
  /** Bytes of the source consumed so far. */
  readonly bytesRead: number;
}
