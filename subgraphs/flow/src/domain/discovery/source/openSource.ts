import type { SourceFormat } from '@tributary/contracts/values';
import type { Readable } from 'node:stream';
import { sourceLimits } from '../sourceLimits.js';
import type { RecordBatch } from '../sourceRecord.js';
import { decodeBytes } from './decodeBytes.js';
import { readCsv } from './readCsv.js';
import { readJson } from './readJson.js';

export interface SourceOptions {
  readonly format: SourceFormat;
  /** Opens the bytes from the beginning; called once for each reading. */
  readonly open: () => Readable | Promise<Readable>;
}

export interface Source {
  readonly format: SourceFormat;
  /**
   * Reads the source from its beginning, in batches of about `batchRecords` (default 1,000). Every reading of the same
   * bytes yields the same records and rejected rows. Holds a few hundred KB of text at a time, at most one record of 1 MB.
   * Leaving the loop early closes the stream. Throws SourceError for what is wrong with the source as a whole.
   */
  batches(options?: { readonly batchRecords?: number }): AsyncGenerator<RecordBatch>;
}

export function openSource(options: SourceOptions): Source {
  return {
    format: options.format,
    async *batches({ batchRecords = sourceLimits.batchRecords } = {}) {
      const stream = await options.open();
      try {
        const text = decodeBytes(stream);
        yield* options.format === 'CSV' ? readCsv(text, batchRecords) : readJson(text, batchRecords);
      } finally {
        stream.destroy();
      }
    },
  };
}
