import { maskPersonalText } from '@tributary/kernel';
import { TextHash } from '../hashText.js';
import { SourceError } from '../sourceErrors.js';
import type { KnownSource, RecordBatch, RejectedRow } from '../sourceRecord.js';
import type { Source } from '../source/openSource.js';
import { textOf } from '../rejectRow.js';
import { ColumnProfiler } from './ColumnProfiler.js';
import type { SourceProfile } from './SourceProfile.js';

export interface ProfileOptions {
  /** Called after each batch and awaited: the place to report progress, keep rejected rows, pause or throw to cancel. */
  readonly onBatch?: (batch: RecordBatch) => void | Promise<void>;
}

/** Reads a source once and says what its columns hold. Throws SourceError, also NO_USABLE_ROWS when every row is bad. */
export async function profileSource(source: Source, options: ProfileOptions = {}): Promise<SourceProfile> {
  const columns: ColumnProfiler[] = [];
  const hash = new TextHash();
  let rows = 0;
  let rejected = 0;
  let bytes = 0;
  let firstRejected: RejectedRow | null = null;
  let known: KnownSource | null = null;
  for await (const batch of source.batches()) {
    for (let index = columns.length; index < batch.columns.length; index += 1)
      columns.push(new ColumnProfiler(batch.columns[index]!));
    for (const { values } of batch.records) {
      for (let index = 0; index < values.length; index += 1) columns[index]!.add(textOf(values[index]), hash);
    }
    known = batch.known ?? null;
    rows += batch.records.length;
    rejected += batch.rejected.length;
    bytes = batch.bytesRead;
    firstRejected ??= batch.rejected[0] ?? null;
    await options.onBatch?.(batch);
  }
  if (rows === 0) {
    throw new SourceError(
      'NO_USABLE_ROWS',
      `None of the ${rejected} rows can be read. The first, on line ${firstRejected?.line ?? 0}: ${maskPersonalText(firstRejected?.message ?? 'there is none.')}`,
    );
  }
  const { format, encoding, notes } = source.facts();
  return {
    format,
    rows,
    rejected,
    bytes,
    recognised: known && { id: known.id, name: known.name, confidence: known.confidence },
    encoding,
    notes,
    columns: columns.map((column) => ({ ...column.finish(), known: known?.columns.get(column.name) ?? null })),
  };
}
