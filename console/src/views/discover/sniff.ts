import { say } from '../../words/say';
/** What the first bytes of a file look like, for whoever drops it; the server finds out for itself. */
export interface Sniffed {
  readonly about: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const mostRows = 10;
const mostColumns = 40;
const delimiters = [',', ';', '\t', '|'] as const;
const delimiterNames = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' } as const;

export function sniff(name: string, head: Uint8Array): Sniffed {
  if (head[0] === 0x1f && head[1] === 0x8b)
    return { about: say('Packed with gzip: it is unpacked when it is read.'), header: [], rows: [] };
  if (head[0] === 0x50 && head[1] === 0x4b)
    return {
      about: /\.xls[xm]$/i.test(name)
        ? say('A workbook: each visible sheet is read.')
        : say('Packed as ZIP: each file in it is read.'),
      header: [],
      rows: [],
    };
  const text = decode(head);
  const start = text.trimStart();
  if (start.startsWith('<')) return { about: say('Looks like XML.'), header: [], rows: firstLines(text) };
  if (start.startsWith('{') || start.startsWith('[')) return sniffJson(start);
  if (/\.ya?ml$/i.test(name) || /^(---|- \w+:|\w[\w-]*:(\s|$))/.test(start))
    return { about: say('Looks like YAML.'), header: [], rows: firstLines(text) };
  return sniffTable(text);
}

function decode(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le').decode(head);
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be').decode(head);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
  } catch {
    return new TextDecoder('windows-1252').decode(head);
  }
}

function sniffJson(text: string): Sniffed {
  const objects = [...text.matchAll(/\{[^{}]*\}/g)].slice(0, mostRows).flatMap(([part]) => {
    try {
      return [JSON.parse(part) as Record<string, unknown>];
    } catch {
      return [];
    }
  });
  const header = [...new Set(objects.flatMap((object) => Object.keys(object)))].slice(0, mostColumns);
  const rows = objects.map((object) => header.map((key) => plain(object[key])));
  const lines = text.startsWith('{') && /\}\s*\n\s*\{/.test(text);
  return { about: lines ? say('Looks like JSON, an object a line.') : say('Looks like JSON.'), header, rows };
}

function plain(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function sniffTable(text: string): Sniffed {
  const delimiter = delimiters
    .map((each) => ({ each, columns: splitRows(text, each, 1)[0]?.length ?? 0 }))
    .toSorted((one, other) => other.columns - one.columns)[0]!;
  const [header = [], ...rows] = splitRows(text, delimiter.each, mostRows + 1);
  const about =
    delimiter.columns > 1
      ? say('Looks like a table with {header} columns, divided by {delimiterNames}.', {
          header: header.length,
          delimiterNames: say(delimiterNames[delimiter.each]),
        })
      : say('Looks like plain lines.');
  return { about, header: header.slice(0, mostColumns), rows: rows.map((row) => row.slice(0, mostColumns)) };
}

/** The first rows of a table with quoting as in RFC 4180. */
export function splitRows(text: string, delimiter: string, most: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const source = text.replace(/^\uFEFF/, '');
  for (let at = 0; at < source.length && rows.length < most; at += 1) {
    const character = source[at]!;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && cell === '') quoted = true;
    else if (character === delimiter) {
      row.push(cell);
      cell = '';
    } else if (character === '\n') {
      row.push(cell.replace(/\r$/, ''));
      if (row.some((each) => each !== '')) rows.push(row);
      row = [];
      cell = '';
    } else cell += character;
  }
  if (rows.length < most && (cell !== '' || row.length > 0)) rows.push([...row, cell]);
  return rows;
}

function firstLines(text: string): string[][] {
  return text
    .split(/\r?\n/)
    .slice(0, mostRows)
    .map((line) => [line]);
}
