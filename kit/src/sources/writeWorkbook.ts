import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** What a cell holds: a Date is written as spreadsheets do, as a number that is shown as a date. */
export type WorkbookCell =
  | string
  | number
  | boolean
  | Date
  | null
  | { readonly formula: string; readonly value?: string | number }
  | { readonly error: string };

export interface WorkbookSheet {
  readonly name: string;
  readonly rows: Iterable<readonly WorkbookCell[]>;
  readonly state?: 'hidden' | 'veryHidden';
  /** `A2:A4`. */
  readonly merged?: readonly string[];
}

export interface WorkbookOptions {
  /** Texts in a list of their own, as spreadsheets write them, or in the cells, as libraries do. Default true. */
  readonly sharedStrings?: boolean;
  /** In front of every element, as some libraries write. */
  readonly prefix?: string;
}

/** A workbook in the format of spreadsheets since 2007, written row by row. */
export async function writeWorkbook(
  file: string,
  sheets: readonly WorkbookSheet[],
  options: WorkbookOptions = {},
): Promise<void> {
  await pipeline(workbookStream(sheets, options), createWriteStream(file));
}

export function workbookBuffer(sheets: readonly WorkbookSheet[], options: WorkbookOptions = {}): Promise<Buffer> {
  return buffer(workbookStream(sheets, options));
}

/** An archive of files by their names. */
export function zipBuffer(files: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return buffer(zip.outputStream);
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const chunkCharacters = 65_536;

function workbookStream(sheets: readonly WorkbookSheet[], options: WorkbookOptions): NodeJS.ReadableStream {
  const { sharedStrings = true, prefix = '' } = options;
  const p = prefix === '' ? '' : `${prefix}:`;
  const xmlns = `xmlns${prefix === '' ? '' : `:${prefix}`}="${main}" xmlns:r="${office}"`;
  const strings = sharedStrings ? new Map<string, number>() : null;
  const zip = new ZipFile();
  const add = (name: string, content: string): void => zip.addBuffer(Buffer.from(declaration + content), name);
  add(
    '[Content_Types].xml',
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
  );
  add('_rels/.rels', relations([['officeDocument', 'xl/workbook.xml']]));
  const listed = sheets.map(
    ({ name, state }, index) =>
      `<${p}sheet name="${escaped(name)}" sheetId="${index + 1}"${state ? ` state="${state}"` : ''} r:id="rId${index + 1}"/>`,
  );
  add('xl/workbook.xml', `<${p}workbook ${xmlns}><${p}sheets>${listed.join('')}</${p}sheets></${p}workbook>`);
  const parts = sheets.map((_, index) => ['worksheet', `worksheets/sheet${index + 1}.xml`] as const);
  add(
    'xl/_rels/workbook.xml.rels',
    relations([...parts, ['styles', 'styles.xml'], ['sharedStrings', 'sharedStrings.xml']]),
  );
  add(
    'xl/styles.xml',
    `<${p}styleSheet ${xmlns}><${p}cellXfs count="2"><${p}xf numFmtId="0"/><${p}xf numFmtId="22"/></${p}cellXfs></${p}styleSheet>`,
  );
  sheets.forEach((sheet, index) => {
    const source = Readable.from(chunked(sheetXml(sheet, strings, p, xmlns)), { objectMode: false });
    zip.addReadStream(source, `xl/worksheets/sheet${index + 1}.xml`);
  });
  // Its stream is made when the sheets are through, and with them all of their texts.
  zip.addReadStreamLazy('xl/sharedStrings.xml', (callback) =>
    callback(null, Readable.from(chunked(stringsXml(strings ?? new Map(), p, xmlns)), { objectMode: false })),
  );
  zip.end();
  return zip.outputStream;
}

function relations(parts: readonly (readonly [string, string])[]): string {
  const each = parts.map(
    ([type, target], index) => `<Relationship Id="rId${index + 1}" Type="${office}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${each.join('')}</Relationships>`;
}

function* sheetXml(
  { rows, merged = [] }: WorkbookSheet,
  strings: Map<string, number> | null,
  p: string,
  xmlns: string,
): Generator<string> {
  yield `${declaration}<${p}worksheet ${xmlns}><${p}sheetData>`;
  let line = 0;
  for (const cells of rows) {
    line += 1;
    let row = '';
    cells.forEach((cell, index) => {
      if (cell !== null) row += cellXml(cell, `${columnName(index)}${line}`, strings, p);
    });
    if (row !== '') yield `<${p}row r="${line}">${row}</${p}row>`;
  }
  yield `</${p}sheetData>`;
  if (merged.length > 0)
    yield `<${p}mergeCells count="${merged.length}">${merged.map((ref) => `<${p}mergeCell ref="${ref}"/>`).join('')}</${p}mergeCells>`;
  yield `</${p}worksheet>`;
}

function cellXml(
  cell: Exclude<WorkbookCell, null>,
  reference: string,
  strings: Map<string, number> | null,
  p: string,
): string {
  const tag = (attributes: string, inner: string): string => `<${p}c r="${reference}"${attributes}>${inner}</${p}c>`;
  const value = (text: string | number): string => `<${p}v>${text}</${p}v>`;
  if (typeof cell === 'number') return tag('', value(cell));
  if (typeof cell === 'boolean') return tag(' t="b"', value(Number(cell)));
  if (cell instanceof Date) return tag(' s="1"', value(cell.getTime() / 86_400_000 + 25_569));
  if (typeof cell === 'object') {
    if ('error' in cell) return tag(' t="e"', value(cell.error));
    const formula = `<${p}f>${escaped(cell.formula)}</${p}f>`;
    if (cell.value === undefined) return tag('', formula);
    return tag(
      typeof cell.value === 'string' ? ' t="str"' : '',
      formula + value(typeof cell.value === 'string' ? escaped(cell.value) : cell.value),
    );
  }
  if (strings === null) return tag(' t="inlineStr"', `<${p}is><${p}t>${escaped(cell)}</${p}t></${p}is>`);
  let index = strings.get(cell);
  if (index === undefined) strings.set(cell, (index = strings.size));
  return tag(' t="s"', value(index));
}

function* stringsXml(strings: ReadonlyMap<string, number>, p: string, xmlns: string): Generator<string> {
  yield `${declaration}<${p}sst ${xmlns} uniqueCount="${strings.size}">`;
  for (const text of strings.keys()) yield `<${p}si><${p}t xml:space="preserve">${escaped(text)}</${p}t></${p}si>`;
  yield `</${p}sst>`;
}

function* chunked(parts: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const part of parts) {
    chunk += part;
    if (chunk.length < chunkCharacters) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

function columnName(index: number): string {
  let name = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
