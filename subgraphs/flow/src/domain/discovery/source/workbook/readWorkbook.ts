import type { Entry } from 'yauzl';
import { SourceError } from '../../sourceErrors.js';
import { sourceLimits } from '../../sourceLimits.js';
import type { RecordBatch } from '../../sourceRecord.js';
import type { ZipArchive } from '../archive/ZipArchive.js';
import type { SourceNotes } from '../SourceNotes.js';
import type { SourcePart } from '../SourcePart.js';
import { TableReader, type TableOptions } from '../table/TableReader.js';
import { readSheet } from './readSheet.js';
import type { SheetFacts, WorkbookFacts } from './readWorkbookFacts.js';
import { scanSheet, type SheetScan } from './scanSheet.js';
import { SharedStrings } from './SharedStrings.js';

interface FilledSheet {
  readonly name: string;
  readonly member: Entry;
  readonly scan: SheetScan;
}

/** The sheets of a workbook that can be read, in its order. Hidden and empty ones are noted. Throws SourceError when there is none. */
export async function partsOfWorkbook(
  archive: ZipArchive,
  facts: WorkbookFacts,
  wanted: string | null,
  notes: SourceNotes,
): Promise<SourcePart[]> {
  const filled: FilledSheet[] = [];
  for (const sheet of chosenSheets(facts.sheets, wanted, notes)) {
    const member = archive.find(sheet.path);
    const scan = member === null ? null : await scanSheet(archive, member);
    if (member === null || scan?.hasCells !== true) notes.add('SHEET_EMPTY', sheet.name);
    else filled.push({ name: sheet.name, member, scan });
  }
  if (filled.length === 0)
    throw new SourceError('EMPTY_SOURCE', 'No visible sheet of the workbook has anything in it. Upload one with rows.');
  let strings: SharedStrings | null = null;
  return filled.map(({ name, member, scan }): SourcePart => ({
    name,
    format: 'XLSX',
    packedBytes: member.compressedSize,
    unpackedBytes: member.uncompressedSize,
    async *batches(batchRecords, options) {
      strings ??= await SharedStrings.read(archive, facts.stringsPath);
      yield* readTable({ archive, member, scan, facts, strings, notes: options.notes }, batchRecords, options);
    },
  }));
}

/** Throws SourceError NO_SUCH_SHEET. A hidden sheet that is asked for by its name is read. */
export function chosenSheets(
  sheets: readonly SheetFacts[],
  wanted: string | null,
  notes: SourceNotes,
): readonly SheetFacts[] {
  if (wanted !== null) {
    const sheet = sheets.find(({ name }) => name.trim().toLowerCase() === wanted.trim().toLowerCase());
    if (sheet !== undefined) return [sheet];
    const names = sheets.map(({ name }) => name).join(', ');
    throw new SourceError('NO_SUCH_SHEET', `The workbook has no sheet ${wanted}. It has: ${names}.`);
  }
  for (const { name, hidden } of sheets) if (hidden) notes.add('SHEET_HIDDEN', name);
  return sheets.filter(({ hidden }) => !hidden);
}

async function* readTable(
  reading: Parameters<typeof readSheet>[0],
  batchRecords: number,
  options: TableOptions,
): AsyncGenerator<RecordBatch> {
  const reader = new TableReader(options);
  reader.checkCharacters = true;
  reader.sparse = true;
  let bytesRead = 0;
  let batchStart = 0;
  for await (bytesRead of readSheet(reading, (cells, line) => reader.record(cells, line))) {
    yield* reader.takeFull(batchRecords, bytesRead);
    if (bytesRead - batchStart < sourceLimits.batchBytes) continue;
    batchStart = bytesRead;
    yield reader.takeRest(bytesRead);
  }
  reader.assertComplete();
  yield* reader.takeFull(batchRecords, bytesRead);
  yield reader.takeRest(bytesRead);
}
