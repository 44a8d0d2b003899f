import type { SourceFormat } from '@tributary/contracts/values';
import { SourceError } from '../../sourceErrors.js';
import type { ZipArchive } from './ZipArchive.js';

/** A ZIP begins with the mark of its first member, or of its end when it has none. */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));
}

const compoundMark = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/** The container of Office before 2007, and of workbooks with a password ever since. */
export function isCompound(head: Uint8Array): boolean {
  return compoundMark.every((byte, index) => head[index] === byte);
}

/** Throws what is to be done about it. `bytes`: as much of it as is at hand. */
export function refuseCompound(bytes: Buffer): never {
  if (bytes.includes(Buffer.from('EncryptedPackage', 'utf16le'))) {
    throw new SourceError(
      'ENCRYPTED_SOURCE',
      'The workbook is protected by a password. Save it without one and upload that.',
    );
  }
  throw new SourceError(
    'OLD_WORKBOOK',
    'The source is an .xls workbook or another Office document from before 2007. Save it as .xlsx or as CSV.',
  );
}

/** Documents that are ZIP archives of another kind. */
export async function refuseOtherDocuments(archive: ZipArchive): Promise<void> {
  const kind = archive.find('mimetype') === null ? null : await archive.text('mimetype');
  if (kind?.includes('opendocument') === true) {
    throw new SourceError(
      'OPEN_DOCUMENT',
      'The source is an .ods workbook or another OpenDocument file. Save it as .xlsx or as CSV.',
    );
  }
  if (archive.find('xl/workbook.bin') !== null)
    throw new SourceError('BINARY_SOURCE', 'The source is an .xlsb workbook. Save it as .xlsx or as CSV.');
  if (archive.find('word/document.xml') !== null || archive.find('ppt/presentation.xml') !== null)
    throw new SourceError(
      'BINARY_SOURCE',
      'The source is a text document or slides. Export the table as .xlsx or CSV.',
    );
}

/** Throws for what is asked of a source that is no container. */
export function refuseSheet(format: SourceFormat, sheet: string | null): void {
  if (format === 'XLSX') {
    throw new SourceError(
      'WRONG_FORMAT',
      'The source was declared as XLSX but is no workbook. Start the flow again with format AUTO.',
    );
  }
  if (sheet !== null)
    throw new SourceError('NO_SUCH_SHEET', 'The source is one table and has no sheets. Start the flow without sheet.');
}

const compoundBytes = 4_194_304;

/** As much of a container as tells what it is. */
export async function firstMegabytes(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= compoundBytes) break;
  }
  return Buffer.concat(parts);
}
