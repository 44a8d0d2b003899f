import { posix } from 'node:path';
import type { ZipArchive } from '../archive/ZipArchive.js';
import { readNumberFormat, type NumberFormat } from './numberFormat.js';
import { XmlWalker, type XmlVisitor } from './XmlWalker.js';

export interface SheetFacts {
  readonly name: string;
  readonly hidden: boolean;
  /** Of its part in the archive. */
  readonly path: string;
}

/** What a workbook says of itself, beside its sheets' cells. */
export interface WorkbookFacts {
  /** Sheets of cells, in the order in which they are shown. */
  readonly sheets: readonly SheetFacts[];
  readonly stringsPath: string;
  readonly formats: readonly NumberFormat[];
  /** Whether days are counted from 1904, as old Macintosh workbooks do. */
  readonly is1904: boolean;
}

/** Null when the archive is no workbook. */
export async function readWorkbookFacts(archive: ZipArchive): Promise<WorkbookFacts | null> {
  const root = await relationsOf(archive, '_rels/.rels', '');
  const path = [...root.values()].find(({ type }) => type === 'officeDocument')?.path ?? 'xl/workbook.xml';
  const workbook = await archive.text(path);
  if (workbook === null || !/<(\w+:)?workbook[\s>]/.test(workbook)) return null;
  const folder = posix.dirname(path);
  const relations = await relationsOf(archive, posix.join(folder, '_rels', `${posix.basename(path)}.rels`), folder);
  const sheets: SheetFacts[] = [];
  let is1904 = false;
  walk(workbook, {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => /(^|:)id$/.test(key))?.[1];
      const relation = relations.get(id ?? '');
      if (relation?.type !== 'worksheet') return;
      const hidden = /hidden$/i.test(attributes['state'] ?? '');
      sheets.push({ name: attributes['name'] ?? `Sheet ${sheets.length + 1}`, hidden, path: relation.path });
    },
  });
  const pathOf = (type: string, usual: string): string =>
    [...relations.values()].find((relation) => relation.type === type)?.path ?? posix.join(folder, usual);
  const styles = await archive.text(pathOf('styles', 'styles.xml'));
  return {
    sheets,
    is1904,
    stringsPath: pathOf('sharedStrings', 'sharedStrings.xml'),
    formats: styles === null ? [] : formatsOf(styles),
  };
}

interface Relation {
  readonly type: string;
  readonly path: string;
}

async function relationsOf(archive: ZipArchive, name: string, folder: string): Promise<Map<string, Relation>> {
  const relations = new Map<string, Relation>();
  const text = await archive.text(name);
  if (text === null) return relations;
  walk(text, {
    open(tag, { Id: id, Type: type, Target: target }) {
      if (tag !== 'Relationship' || id === undefined || target === undefined) return;
      const path = target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
      relations.set(id, { type: type?.slice(type.lastIndexOf('/') + 1) ?? '', path });
    },
  });
  return relations;
}

/** By the number that a cell gives as its style. */
function formatsOf(styles: string): NumberFormat[] {
  const codes = new Map<number, string>();
  const formats: NumberFormat[] = [];
  let inCellFormats = false;
  walk(styles, {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      else if (name === 'cellXfs') inCellFormats = true;
      else if (name === 'xf' && inCellFormats) {
        const id = Number(attributes['numFmtId'] ?? 0);
        formats.push(readNumberFormat(id, codes.get(id) ?? null));
      }
    },
    close(name) {
      if (name === 'cellXfs') inCellFormats = false;
    },
  });
  return formats;
}

function walk(text: string, visitor: XmlVisitor): void {
  const walker = new XmlWalker(visitor);
  walker.write(Buffer.from(text));
  walker.end();
}
