import type { CsvDialect } from './CsvParser.js';

const linesToCompare = 60;
/** Delimiters that people mean, the likeliest first; the others are tried where these divide nothing. */
const usualDelimiters = [',', ';', '\t', '|'] as const;
/** Characters that stand inside names, addresses, dates and words: they divide fields only where nothing else does. */
const neverDelimiters = new Set([...'"\'`.-_/\\@()[]{}<>+=? \r\n\ufeff']);

export interface FoundDialect extends CsvDialect {
  /** Length of a `sep=;` line, which Excel writes and reads, at the very beginning. */
  readonly skip: number;
  /** How steadily the delimiter divides the lines: 1 and more when it divides them all. */
  readonly steadiness: number;
}

/**
 * Finds the character that cuts the sample's lines most steadily, counting only outside quotes, and how its cells are quoted.
 * A file of one column is read with a comma. `complete`: whether the sample is the whole source.
 */
export function findDialect(sample: string, complete: boolean): FoundDialect {
  const newline = !sample.includes('\n') && sample.includes('\r') ? '\r' : '\n';
  const quote = usesSingleQuotes(sample) ? "'" : '"';
  const escape = quote === '"' && /\\"/.test(sample) && !/[^,;\t|\r\n]""|""[^,;\t|\r\n]/.test(sample) ? '\\' : null;
  const guarded =
    /(^|[,;\t|\r\n])"?=""?/.test(sample) || /(^|[,;\t|\r\n])'[^',;\t|\r\n]*(?=[,;\t|\r\n]|$)/.test(sample);
  const rest = { newline, quote, escape, guarded } as const;
  const declared = /^(?:sep=(\\t|[^\r\n])|"sep=(\\t|[^\r\n])")\r?\n/i.exec(sample);
  if (declared !== null) {
    const delimiter = declared[1] ?? declared[2]!;
    return { ...rest, delimiter: delimiter === '\\t' ? '\t' : delimiter, skip: declared[0].length, steadiness: 1 };
  }
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of candidatesOf(sample)) {
    const score = scoreDelimiter(cellCounts(sample, delimiter, rest, complete), delimiter);
    if (score > best.score) best = { delimiter, score };
  }
  return { ...rest, delimiter: best.delimiter, skip: 0, steadiness: best.score };
}

/** The usual ones, and every other character of the sample's first lines that could be one. */
function candidatesOf(sample: string): string[] {
  const others = new Set<string>();
  for (const character of sample.slice(0, 2_000)) {
    if (!/[\p{L}\p{N}\p{M}]/u.test(character) && !neverDelimiters.has(character)) others.add(character);
  }
  for (const usual of usualDelimiters) others.delete(usual);
  return [...usualDelimiters, ...others];
}

/**
 * The share of lines that have the commonest number of cells, above the one cell that lines without the delimiter have. Lines above the
 * table and below it count less than they are many, since a table is most of its file.
 */
function scoreDelimiter(counts: readonly number[], delimiter: string): number {
  const times = new Map<number, number>();
  for (const count of counts) if (count > 1) times.set(count, (times.get(count) ?? 0) + 1);
  const [width, lines] = [...times].sort(([a, x], [b, y]) => y - x || b - a)[0] ?? [1, 0];
  if (width < 2) return 0;
  // Rows that leave their empty last cells out are rows all the same.
  const shorter = counts.filter((count) => count > 1 && count < width).length;
  const share = (lines + shorter * 0.5) / counts.length;
  const rank = usualDelimiters.indexOf(delimiter as (typeof usualDelimiters)[number]);
  const isControl = delimiter < ' ' && delimiter !== '\t';
  if (rank === -1 && !isControl && (share < 0.8 || counts.length < 2)) return 0;
  const likely = rank !== -1 ? 0.06 - rank * 0.001 : isControl ? 0.05 : delimiter === ':' ? -0.3 : 0;
  return share + Math.min(width, 50) / 1000 + likely;
}

function cellCounts(
  sample: string,
  delimiter: string,
  { newline, quote, escape }: Pick<CsvDialect, 'newline' | 'quote' | 'escape'>,
  complete: boolean,
): number[] {
  const counts: number[] = [];
  let cells = 1;
  let quoted = false;
  let blank = true;
  let atStart = true;
  let comment = false;
  for (let index = 0; index < sample.length && counts.length < linesToCompare; index += 1) {
    const character = sample[index];
    if (quoted) {
      if (escape !== null && character === escape) index += 1;
      else if (character === quote) quoted = false;
      continue;
    }
    if (character === newline) {
      if (!blank && !comment) counts.push(cells);
      cells = 1;
      blank = true;
      atStart = true;
      comment = false;
    } else if (character === quote && atStart) {
      quoted = true;
      blank = false;
      atStart = false;
    } else if (character === delimiter) {
      cells += 1;
      blank = false;
      atStart = true;
    } else if (character !== '\r') {
      if (character === '#' && blank) comment = true;
      if (character !== ' ') atStart = false;
      blank = false;
    }
  }
  if (!blank && !comment && (complete || counts.length === 0)) counts.push(cells);
  return counts.length === 0 ? [1] : counts;
}

/** Most cells begin and end with one. A single one in front is a spreadsheet's mark for text. */
function usesSingleQuotes(sample: string): boolean {
  const lines = sample.split(/\r?\n|\r/, 20).filter((line) => line.trim() !== '');
  const wrapped = lines.filter((line) => /^\s*'.*'\s*$/.test(line) && /'\s*[,;\t|]\s*'/.test(line));
  return lines.length > 0 && wrapped.length >= lines.length * 0.7;
}
