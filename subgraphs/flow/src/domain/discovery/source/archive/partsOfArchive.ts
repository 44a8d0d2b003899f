import type { SourceFormat } from '@tributary/contracts/values';
import type { Entry } from 'yauzl';
import { SourceError } from '../../sourceErrors.js';
import { sourceLimits } from '../../sourceLimits.js';
import type { SourceNotes } from '../SourceNotes.js';
import type { SourcePart } from '../SourcePart.js';
import { partsOfWorkbook } from '../workbook/readWorkbook.js';
import { readWorkbookFacts } from '../workbook/readWorkbookFacts.js';
import { spoolToFile, type SpooledFile } from './spoolToFile.js';
import { isCompound, isZip, refuseCompound, refuseOtherDocuments } from './whatIsIt.js';
import { ZipArchive } from './ZipArchive.js';

export interface ArchiveReading {
  /** Null: every sheet. */
  readonly sheet: string | null;
  readonly notes: SourceNotes;
  /** Makes a part of a text. */
  readonly textPart: (name: string, member: Entry, bytes: () => AsyncIterable<Buffer>) => SourcePart;
  /** What has to stay open while the parts are read. */
  readonly opened: AsyncDisposableStack;
}

/** Throws SourceError when a workbook was declared as something else. */
export function refuseWorkbookAs(format: SourceFormat): void {
  if (format === 'XLSX' || format === 'AUTO') return;
  throw new SourceError(
    'WRONG_FORMAT',
    `The source was declared as ${format} but is a workbook. Start the flow again with format XLSX.`,
  );
}

/** The tables of an archive on disk: a workbook's sheets, or the files that were packed. Throws SourceError. */
export async function partsOfFile(
  { path }: SpooledFile,
  format: SourceFormat,
  reading: ArchiveReading,
): Promise<SourcePart[]> {
  const archive = reading.opened.use(await ZipArchive.open(path));
  await refuseOtherDocuments(archive);
  const facts = await readWorkbookFacts(archive);
  if (facts !== null) {
    refuseWorkbookAs(format);
    return partsOfWorkbook(archive, facts, reading.sheet, reading.notes);
  }
  if (format === 'XLSX')
    throw new SourceError('WRONG_FORMAT', 'The source was declared as XLSX but is an archive of other files.');
  return partsOfMembers(archive, reading);
}

/** The files of an archive. Throws SourceError when there are too many. */
export function checkMembers(archive: ZipArchive): Entry[] {
  const members = archive.members.filter((member) => !isLitter(member));
  if (members.length > sourceLimits.archiveMembers) {
    throw new SourceError(
      'ARCHIVE_TOO_LARGE',
      `The archive has ${members.length} files; at most ${sourceLimits.archiveMembers} can be read. Split it.`,
    );
  }
  return members;
}

async function partsOfMembers(archive: ZipArchive, reading: ArchiveReading): Promise<SourcePart[]> {
  const members = checkMembers(archive);
  const parts: SourcePart[] = [];
  for (const member of members) {
    const head = await headOf(archive, member);
    if (isCompound(head)) refuseCompound(head);
    if (isZip(head)) parts.push(...(await partsOfNested(archive, member, reading)));
    else if (isPacked(head)) throw nested(member);
    else parts.push(reading.textPart(member.fileName, member, () => bytesOf(archive, member)));
  }
  const wanted = reading.sheet;
  const chosen = wanted === null ? parts : parts.filter(({ name }) => isCalled(name, wanted));
  if (chosen.length > 0) return chosen;
  if (parts.length === 0) throw new SourceError('EMPTY_SOURCE', 'The archive holds no files. Pack one with rows.');
  const names = parts.map(({ name }) => name).join(', ');
  throw new SourceError('NO_SUCH_SHEET', `The archive has no file or sheet ${wanted}. It has: ${names}.`);
}

/** A workbook among the files is read; an archive among them is not. */
async function partsOfNested(archive: ZipArchive, member: Entry, reading: ArchiveReading): Promise<SourcePart[]> {
  const inner = reading.opened.use(await spoolToFile(bytesOf(archive, member)));
  const workbook = reading.opened.use(await ZipArchive.open(inner.path));
  await refuseOtherDocuments(workbook);
  const facts = await readWorkbookFacts(workbook);
  if (facts === null) throw nested(member);
  const parts = await partsOfWorkbook(workbook, facts, null, reading.notes);
  return parts.map((part) => ({
    ...part,
    name: parts.length === 1 ? member.fileName : `${member.fileName} ${part.name}`,
  }));
}

function isCalled(name: string, wanted: string): boolean {
  const lower = wanted.trim().toLowerCase();
  return (
    name.toLowerCase() === lower || name.toLowerCase().endsWith(`/${lower}`) || name.toLowerCase().endsWith(` ${lower}`)
  );
}

async function* bytesOf(archive: ZipArchive, member: Entry): AsyncGenerator<Buffer> {
  for await (const { bytes } of archive.read(member)) yield bytes;
}

async function headOf(archive: ZipArchive, member: Entry): Promise<Buffer> {
  for await (const bytes of bytesOf(archive, member)) return bytes;
  return Buffer.alloc(0);
}

/** Folders, and what file managers leave behind. */
function isLitter({ fileName }: Entry): boolean {
  const name = fileName.slice(fileName.lastIndexOf('/') + 1);
  return (
    name === '' || fileName.startsWith('__MACOSX/') || name.startsWith('.') || /^(thumbs\.db|desktop\.ini)$/i.test(name)
  );
}

/** gzip, bzip2, xz, Zstandard, 7z and RAR. */
function isPacked(head: Buffer): boolean {
  return ['1f8b', '425a68', 'fd377a585a', '28b52ffd', '377abcaf', '52617221'].some((mark) =>
    head.subarray(0, 8).toString('hex').startsWith(mark),
  );
}

function nested({ fileName }: Entry): SourceError {
  return new SourceError('NESTED_ARCHIVE', `The archive holds another archive, ${fileName}. Unpack that first.`);
}
