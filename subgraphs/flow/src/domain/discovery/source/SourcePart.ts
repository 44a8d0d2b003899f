import type { SourceFormat } from '@tributary/contracts/values';
import type { RecordBatch } from '../sourceRecord.js';
import type { TreeOptions } from './json/readTree.js';

/** What a source may be written in, once it was found out. */
export type KnownFormat = Exclude<SourceFormat, 'AUTO'>;

/** A table of a source that has several, or the only one: a sheet of a workbook, a file of an archive. */
export interface SourcePart {
  readonly name: string;
  /** Null before it was read: found out by reading. */
  readonly format: KnownFormat | null;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** `bytesRead` counts the part's own unpacked bytes. */
  batches(batchRecords: number, options: TreeOptions): AsyncGenerator<RecordBatch>;
}
