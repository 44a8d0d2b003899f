import { isKnownHeading } from '../../mapping/headings.js';
import { isBlankText } from '../../normalise/blank.js';
import { looksLikeValue } from '../../profile/valueShapes.js';

/** Where a table's rows begin in the records of its file. */
export interface FoundTable {
  /** Records above the header. */
  readonly preamble: number;
  /** The header's cells; null when the first row of the table is one of its rows. */
  readonly header: readonly string[] | null;
  readonly width: number;
}

/** Records that are looked at. */
export const recordsToFindTable = 60;
const maxPreamble = 30;

/**
 * Tells titles, comments and group headings from the header, and a header from a row, by width, by what the cells are, and by whether
 * the rows below go on in the same way. `records` are the file's first ones, not blank.
 */
export function findTable(records: readonly (readonly string[])[]): FoundTable {
  const width = usualWidth(records);
  for (let at = 0; at < Math.min(records.length, maxPreamble); at += 1) {
    const cells = withoutComment(trimmedEnd(records[at]!), width);
    if (isAboveTable(records, at, cells, width)) continue;
    return isHeader(cells, records.slice(at + 1))
      ? { preamble: at, header: cells, width: Math.max(width, cells.length) }
      : { preamble: at, header: null, width: Math.max(width, cells.length) };
  }
  return { preamble: 0, header: trimmedEnd(records[0] ?? []), width };
}

/** The width that most records have: of two, the larger. */
function usualWidth(records: readonly (readonly string[])[]): number {
  const times = new Map<number, number>();
  for (const record of records) times.set(record.length, (times.get(record.length) ?? 0) + 1);
  return [...times].sort(([a, x], [b, y]) => y - x || b - a)[0]?.[0] ?? 1;
}

function isAboveTable(
  records: readonly (readonly string[])[],
  at: number,
  cells: readonly string[],
  width: number,
): boolean {
  const below = records.slice(at + 1);
  if (below.length === 0) return false;
  const filled = cells.filter((cell) => cell.trim() !== '').length;
  const first = cells[0]?.trim() ?? '';
  if (/^#\s*\S/.test(first) || /^(<|--|\/\/)/.test(first)) return true;
  // Of one column: the title of a report is followed by blank lines, which are gone; only comments are told apart.
  if (width < 2) return false;
  if (cells.length < 2 && width > 1) return true;
  if (filled >= width * 0.6) return isGroupHeading(cells, below[0]!);
  // Fewer cells than the rows below: a title or a group heading, when a row of headings follows.
  const next = below.findIndex((record) => record.filter((cell) => cell.trim() !== '').length >= width * 0.6);
  return next !== -1 && next < maxPreamble && !cells.some((cell) => isKnownHeading(cell) && filled > 2);
}

/** `Server,Server,Server,Network,Network` above the real headings: cells that repeat, over cells that do not. */
function isGroupHeading(cells: readonly string[], below: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '');
  const known = (row: readonly string[]): number => row.filter(isKnownHeading).length;
  return new Set(filled).size <= filled.length / 2 && known(below) > known(cells) && below.length >= cells.length;
}

/** A heading is a word, and its column goes on with something else. */
function isHeader(cells: readonly string[], below: readonly (readonly string[])[]): boolean {
  if (cells.some((cell) => isKnownHeading(cell))) return true;
  if (below.length === 0) return true;
  const values = cells.filter(
    (cell, index) => looksLikeValue(cell) && below.some((row) => looksLikeValue(row[index] ?? '')),
  );
  return values.length === 0;
}

/** `#name,ip`: a header that is marked like a comment. */
function withoutComment(cells: readonly string[], width: number): readonly string[] {
  const first = cells[0]?.trim() ?? '';
  if (!first.startsWith('#') || cells.length < width) return cells;
  const bare = first.replace(/^#+\s*/, '');
  if (bare === '' || /^type\b/i.test(bare)) return cells;
  return isKnownHeading(bare) || cells.slice(1).some(isKnownHeading) ? [bare, ...cells.slice(1)] : cells;
}

function trimmedEnd(cells: readonly string[]): readonly string[] {
  let end = cells.length;
  while (end > 1 && cells[end - 1]!.trim() === '') end -= 1;
  return end === cells.length ? cells : cells.slice(0, end);
}

const sums = new Set(
  'total totals sum subtotal grand count summe gesamt anzahl somme suma totale totaal razem celkem итого всего toplam 合計 合计 总计 総計 합계 총계'.split(
    ' ',
  ),
);
const signatures = new Set(
  'exported generated created printed report exportiert erstellt généré exporté generado exportado gerado generato esportato wygenerowano eksportert экспорт создано 出力 导出'.split(
    ' ',
  ),
);
const signed = /\b(by|on|at|von|am|par|le|por|el)\b|\d/i;
const counted = /^\(?\d+ (rows?|records?|entries|zeilen|lignes|filas|linhas|righe|rijen)\b/i;
const endOf = /^-*\s*end of (report|file|list)\b/i;
const firstWord = /^\W*([\p{L}]+)/u;

function isFooterText(text: string): boolean {
  const word = firstWord.exec(text)?.[1]?.toLowerCase();
  if (word !== undefined && sums.has(word)) return /^\W*[\p{L} ]+([\s:=]|$)/u.test(text);
  if (word !== undefined && signatures.has(word)) return signed.test(text);
  return counted.test(text) || endOf.test(text);
}

/** Whether a record below the table's rows sums it up or signs it: few cells, and the first says so. */
export function isFooter(cells: readonly string[], width: number): boolean {
  const first = cells.find((cell) => cell.trim() !== '')?.trim() ?? '';
  if (!isFooterText(first)) return false;
  return cells.filter((cell) => !isBlankText(cell.trim())).length <= Math.max(1, width / 2);
}
