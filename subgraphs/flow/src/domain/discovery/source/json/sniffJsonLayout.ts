import { SourceError } from '../../sourceErrors.js';
import { newJsonScan, scanJson, skipBlank } from './scanJson.js';

/**
 * Where the records of a JSON source are:
 * - `lines`: one object a line (JSON lines)
 * - `values`: one object after another, of any number of lines
 * - `list`: in an array under `path`; `*` steps into each element of an array. `[]` is the document itself
 * - `table`: `columns` and `rows` side by side under `path`, as Azure Resource Graph answers
 */
export type JsonLayout =
  | { readonly kind: 'lines' }
  | { readonly kind: 'values' }
  | { readonly kind: 'list'; readonly path: readonly string[] }
  | { readonly kind: 'table'; readonly path: readonly string[] };

const listKeys = new Set(
  'items data value values results result records rows assets resources instances devices hosts servers machines virtualmachines vms entries elements objects nodes list'.split(
    ' ',
  ),
);
const wrapperKeys = new Set(['data', 'result', 'results', 'response', 'body', 'payload', '_embedded', 'd']);
const recordKeys = new Set(['name', 'id', 'hostname', 'instanceid', 'fqdn', 'device', 'vm']);

/** `complete`: whether `head` is the whole document. Throws SourceError when no records can be found. */
export function sniffJsonLayout(head: string, complete: boolean): JsonLayout {
  const start = skipBlank(head, 0);
  if (start === head.length) {
    throw new SourceError('EMPTY_SOURCE', 'The source is empty. Upload a JSON array, or one JSON object a line.');
  }
  if (head[start] === '[') return { kind: 'list', path: [] };
  if (head[start] !== '{') {
    throw new SourceError(
      'WRONG_FORMAT',
      'The source was declared as JSON but does not begin with [ or {. Upload a JSON array or JSON lines, or start the flow with format CSV.',
    );
  }
  const end = scanJson(head, start, newJsonScan());
  const lineEnd = head.indexOf('\n', start);
  if (end !== -1) {
    const next = skipBlank(head, end);
    if (next < head.length) return lineEnd !== -1 && end <= lineEnd ? { kind: 'lines' } : { kind: 'values' };
  } else if (lineEnd !== -1 && isObject(head.slice(start, lineEnd))) {
    return { kind: 'lines' };
  }
  const found = findList(head, start, []);
  if (found !== null) return found;
  if (end !== -1) return { kind: 'values' };
  if (complete) {
    // Brackets that never close: a damaged first line of JSON lines still lets the others be read.
    const second =
      lineEnd === -1
        ? ''
        : head
            .slice(lineEnd + 1)
            .trimStart()
            .split('\n', 1)[0]!;
    if (isObject(second)) return { kind: 'lines' };
    throw new SourceError('TRUNCATED_SOURCE', 'The JSON ends before its first object is complete. Export it again.');
  }
  if (lineEnd === -1) {
    throw new SourceError(
      'LINE_TOO_LONG',
      'The JSON begins with a line of more than 1 MB in which no list of records was found. Upload a JSON array of objects, or one object a line.',
    );
  }
  throw new SourceError(
    'WRONG_FORMAT',
    'No list of records was found in the first 1 MB of the JSON. Upload a JSON array of objects, or one object a line.',
  );
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/** Walks the keys of the object at `start`; a known list key wins, an unknown array of objects is the second choice. */
function findList(text: string, start: number, path: readonly string[]): JsonLayout | null {
  let candidate: JsonLayout | null = null;
  let looksLikeRecord = false;
  let columnsSeen = false;
  let bareRowsSeen = false;
  let index = skipBlank(text, start + 1);
  while (index < text.length && text[index] === '"') {
    const keyEnd = stringEnd(text, index);
    if (keyEnd === -1) break;
    const key = readString(text.slice(index, keyEnd));
    const lower = key.toLowerCase();
    const at = skipBlank(text, skipBlank(text, keyEnd) + 1);
    const inner = skipBlank(text, at + 1);
    if (text[at] === '[') {
      if (lower === 'columns') {
        columnsSeen = true;
        // Read as they come, cells that nobody has named yet would become records of their own.
        if (bareRowsSeen)
          throw new SourceError(
            'WRONG_FORMAT',
            'The JSON has its rows in front of its columns, so nothing says what their cells are. Put columns in front of rows.',
          );
      } else if (lower === 'rows' && columnsSeen) return { kind: 'table', path };
      bareRowsSeen ||= lower === 'rows' && text[inner] === '[';
      const holdsRecords = text[inner] === '{' || text[inner] === '[';
      if (lower === 'reservations') return { kind: 'list', path: [...path, key, '*', 'Instances'] };
      if (listKeys.has(lower) && !bareRowsSeen && (holdsRecords || text[inner] === ']'))
        return { kind: 'list', path: [...path, key] };
      if (text[inner] === '{' || bareRowsSeen) candidate ??= { kind: 'list', path: [...path, key] };
    } else if (text[at] === '{' && wrapperKeys.has(lower) && path.length < 2) {
      const found = findList(text, at, [...path, key]);
      if (found !== null) return found;
    }
    if (recordKeys.has(lower)) looksLikeRecord = true;
    index = valueEnd(text, at);
    if (index === -1) break;
    index = skipBlank(text, index);
    if (text[index] !== ',') break;
    index = skipBlank(text, index + 1);
  }
  return looksLikeRecord && path.length === 0 ? null : candidate;
}

function readString(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text;
  }
}

function stringEnd(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '"') return index + 1;
  }
  return -1;
}

function valueEnd(text: string, start: number): number {
  const first = text[start];
  if (first === '{' || first === '[') return scanJson(text, start, newJsonScan());
  if (first === '"') return stringEnd(text, start);
  for (let index = start; index < text.length; index += 1) {
    if (text[index] === ',' || text[index] === '}' || text[index] === ']') return index;
  }
  return -1;
}
