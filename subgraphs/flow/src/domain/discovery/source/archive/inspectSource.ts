import type { SourceFormat } from '@tributary/contracts/values';
import type { Readable } from 'node:stream';
import { peekBytes } from '../peekBytes.js';
import { SourceNotes } from '../SourceNotes.js';
import { unpacked } from '../unpacked.js';
import { chosenSheets } from '../workbook/readWorkbook.js';
import { readWorkbookFacts } from '../workbook/readWorkbookFacts.js';
import { checkMembers, refuseWorkbookAs } from './partsOfArchive.js';
import { spoolToFile } from './spoolToFile.js';
import { firstMegabytes, isCompound, isZip, refuseCompound, refuseOtherDocuments, refuseSheet } from './whatIsIt.js';
import { ZipArchive } from './ZipArchive.js';

/** Throws SourceError for a container that no reading could read: by its first bytes and by its directory, without its content. */
export async function inspectSource(stream: Readable, format: SourceFormat, sheet: string | null): Promise<void> {
  try {
    const { head, bytes } = await peekBytes(unpacked(stream));
    if (isCompound(head)) refuseCompound(await firstMegabytes(bytes));
    if (!isZip(head)) return refuseSheet(format, sheet);
    await using file = await spoolToFile(bytes);
    await using archive = await ZipArchive.open(file.path);
    await refuseOtherDocuments(archive);
    const facts = await readWorkbookFacts(archive);
    if (facts === null) {
      checkMembers(archive);
    } else {
      refuseWorkbookAs(format);
      chosenSheets(facts.sheets, sheet, new SourceNotes());
    }
  } finally {
    stream.destroy();
  }
}
