import { maskPersonalText } from '@tributary/kernel';
import { TextHash } from '../hashText.js';
import { SourceError } from '../sourceErrors.js';
import type { KnownSource, RecordBatch, RejectedRow } from '../sourceRecord.js';
import type { Source } from '../source/openSource.js';
import { textOf } from '../rejectRow.js';
import { ColumnProfiler } from './ColumnProfiler.js';
import type { SourceProfile } from './SourceProfile.js';
import { fieldOf } from './tablesOf.js';

export interface ProfileOptions {
  /** Called after each batch and awaited: the place to report progress, keep rejected rows, pause or throw to cancel. */
  readonly onBatch?: (batch: RecordBatch) => void | Promise<void>;
}

/** Reads a source once and says what its columns hold. Throws SourceError, also NO_USABLE_ROWS when every row is bad. */
export async function profileSource(source: Source, options: ProfileOptions = {}): Promise<SourceProfile> {
  const tables = new Map<string | null, TableProfiler>();
  let bytes = 0;
  let firstRejected: RejectedRow | null = null;
  for await (const batch of source.batches()) {
    const sheet = batch.sheet?.name ?? null;
    let table = tables.get(sheet);
    if (table === undefined) tables.set(sheet, (table = new TableProfiler()));
    table.add(batch);
    bytes = batch.bytesRead;
    firstRejected ??= batch.rejected[0] ?? null;
    await options.onBatch?.(batch);
  }
  const profiles = [...tables].map(([sheet, table]) => ({ sheet, ...table.finish() }));
  const rows = profiles.reduce((sum, table) => sum + table.rows, 0);
  const rejected = profiles.reduce((sum, table) => sum + table.rejected, 0);
  if (rows === 0) {
    throw new SourceError(
      'NO_USABLE_ROWS',
      `None of the ${rejected} rows can be read. The first, on line ${firstRejected?.line ?? 0}: ${maskPersonalText(firstRejected?.message ?? 'there is none.')}`,
    );
  }
  const sheets = profiles.flatMap(({ sheet, columns, ...facts }) =>
    sheet === null ? [] : [{ name: sheet, columns: columns.length, ...facts }],
  );
  const { format, encoding, notes } = source.facts();
  return {
    format,
    rows,
    rejected,
    bytes,
    recognised: profiles.find(({ recognised }) => recognised !== null)?.recognised ?? null,
    encoding,
    notes,
    columns: profiles.flatMap(({ sheet, columns }) =>
      columns.map((column) => ({ ...column, name: fieldOf(sheet, column.name) })),
    ),
    ...(sheets.length === 0 ? {} : { sheets }),
  };
}

/** Of one table: a whole source, or one of its sheets. */
class TableProfiler {
  private readonly columns: ColumnProfiler[] = [];
  private readonly hash = new TextHash();
  private rows = 0;
  private rejected = 0;
  private known: KnownSource | null = null;

  add(batch: RecordBatch): void {
    for (let index = this.columns.length; index < batch.columns.length; index += 1)
      this.columns.push(new ColumnProfiler(batch.columns[index]!));
    for (const { values } of batch.records) {
      for (let index = 0; index < values.length; index += 1) this.columns[index]!.add(textOf(values[index]), this.hash);
    }
    this.known = batch.known ?? null;
    this.rows += batch.records.length;
    this.rejected += batch.rejected.length;
  }

  finish() {
    const { rows, rejected, known } = this;
    return {
      rows,
      rejected,
      recognised: known && {
        id: known.id,
        name: known.name,
        confidence: known.confidence,
        ...(known.content === null ? {} : { content: known.content }),
      },
      columns: this.columns.map((column) => ({ ...column.finish(), known: known?.columns.get(column.name) ?? null })),
    };
  }
}
