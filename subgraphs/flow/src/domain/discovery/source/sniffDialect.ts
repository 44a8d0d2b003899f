import type { CsvDialect } from './CsvParser.js';

const delimiters = [',', ';', '\t', '|'] as const;
const linesToCompare = 50;

export interface SniffedDialect extends CsvDialect {
  /** Length of a `sep=;` line, which Excel writes and reads, at the very beginning. */
  readonly skip: number;
}

/**
 * Finds the delimiter that cuts the sample's records most evenly, counting only outside quotes. Commas win ties, and a
 * file of one column is read with a comma. `complete`: whether the sample is the whole source.
 */
export function sniffDialect(sample: string, complete: boolean): SniffedDialect {
  const newline = !sample.includes('\n') && sample.includes('\r') ? '\r' : '\n';
  const declared = /^sep=([,;\t|])\r?\n/i.exec(sample);
  if (declared !== null) return { delimiter: declared[1]!, newline, skip: declared[0].length };
  const counts = delimiters.map((delimiter) => cellCounts(sample, delimiter, newline, complete));
  let best = { delimiter: ',', score: 0 };
  delimiters.forEach((delimiter, index) => {
    const records = counts[index]!;
    const width = records[0] ?? 1;
    if (width < 2) return;
    const even = records.filter((count) => count === width).length / records.length;
    const score = even + Math.min(width, 50) / 1000;
    if (score > best.score) best = { delimiter, score };
  });
  return { delimiter: best.delimiter, newline, skip: 0 };
}

function cellCounts(sample: string, delimiter: string, newline: string, complete: boolean): number[] {
  const counts: number[] = [];
  let cells = 1;
  let quoted = false;
  let blank = true;
  for (let index = 0; index < sample.length && counts.length < linesToCompare; index += 1) {
    const character = sample[index];
    if (character === '"') {
      // A quote opens only at the beginning of a cell; elsewhere outside quotes it is an inch sign.
      const before = sample[index - 1];
      if (quoted || index === 0 || before === delimiter || before === newline) quoted = !quoted;
      blank = false;
    } else if (quoted) continue;
    else if (character === delimiter) {
      cells += 1;
      blank = false;
    } else if (character === newline) {
      if (!blank) counts.push(cells);
      cells = 1;
      blank = true;
    } else if (character !== '\r') blank = false;
  }
  if (!blank && (complete || counts.length === 0)) counts.push(cells);
  return counts;
}
