import type { SourceFormat } from '@tributary/contracts/values';
import type { NumberStyle } from '../normalise/numberStyle.js';
import type { DateOrder } from '../normalise/date.js';
import type { EncodingDecision } from '../source/encoding/chooseEncoding.js';
import type { SourceNote } from '../source/SourceNotes.js';
import type { KnownColumn } from '../sourceRecord.js';
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
  /** How its numbers are written; null when none shows it. */
  readonly numberStyle: NumberStyle | null;
  /** What a known source says of it; null when the source is not known, or says nothing. */
  readonly known: KnownColumn | null;
}

/** Names that rows of several sites (namespaces, domains …) share, each another asset. Found by cleansing. */
export interface RepeatedNames {
  /** The column that tells `names` apart; null when none does. */
  readonly column: string | null;
  /** In lower case. */
  readonly names: readonly string[];
  /** Names in lower case that the host name, the address or the kind of each row tells apart. Absent: none. */
  readonly byMore?: readonly string[];
  /** Keys of ids that two or three names share: each with its name is a key. Absent: none. */
  readonly ids?: readonly string[];
  /** Keys of ids that more names share: they recognise nothing. Absent: none. */
  readonly sharedIds?: readonly string[];
  /** Keys of serial numbers and UUIDs beside the id that rows of several names share; `*`: of all. Absent: none. */
  readonly sharedHardware?: readonly string[];
}

/** A sheet of a workbook, or a file of an archive. Its columns are the next ones of the source's. */
export interface SheetProfile {
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  readonly rejected: number;
  readonly recognised: SourceProfile['recognised'];
  readonly repeatedNames?: RepeatedNames;
}

export interface SourceProfile {
  readonly format: SourceFormat;
  /** Records that could be read. */
  readonly rows: number;
  /** Rows that could not: broken, ragged or too long. */
  readonly rejected: number;
  readonly bytes: number;
  /** Null: no source that we know. */
  readonly recognised: {
    readonly id: string;
    readonly name: string;
    readonly confidence: number;
    /** Of a workspace's own definition, what it said when the source was read. */
    readonly content?: string;
  } | null;
  readonly encoding: EncodingDecision | null;
  /** Absent before cleansing, and where no name repeats so. */
  readonly repeatedNames?: RepeatedNames;
  /** What was noticed beside the records. */
  readonly notes: readonly SourceNote[];
  /** Of a source with sheets, all of theirs: `vInfo!VM`. */
  readonly columns: readonly ColumnProfile[];
  /** Absent: the source is one table. */
  readonly sheets?: readonly SheetProfile[];
}
