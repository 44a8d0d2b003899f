/** How a table is divided that has no delimiter: where its columns start, or by runs of blanks alone. */
export interface FixedWidth {
  /** Null: runs of blanks. */
  readonly starts: readonly number[] | null;
}

const linesToCompare = 60;
const mostTitles = 3;

/**
 * Tables that are made for the eye, as commands print them: columns are told by blanks that all lines have at the same places, or by a
 * line of dashes. Null when the lines show no columns. `complete`: whether the sample is the whole source.
 */
export function findFixedWidth(sample: string, complete: boolean): FixedWidth | null {
  const all = sample.split(/\r?\n/);
  if (!complete) all.pop();
  const lines = all
    .slice(0, linesToCompare)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  if (lines.length < 2 || lines.some((line) => line.includes('\t'))) return null;
  const rule = lines.find(isRule);
  if (rule !== undefined) return { starts: [...rule.matchAll(/[-=]+/g)].map(({ index }) => index) };
  for (let titles = 0; titles <= Math.min(mostTitles, lines.length - 2); titles += 1) {
    const starts = startsIn(lines.slice(titles));
    if (starts !== null) return { starts };
  }
  const widths = lines.map((line) => line.trim().split(/ {2,}/).length);
  const width = widths[0]!;
  const steady = widths.filter((each) => each === width).length;
  return width >= 2 && lines.length >= 3 && steady === lines.length ? { starts: null } : null;
}

/** `-----  ----`: what stands under the headings of PowerShell and of databases. */
export function isRule(line: string): boolean {
  return /^[-=]{2,}( +[-=]{2,})+$/.test(line.trim());
}

/** Where text begins behind two columns of blanks or more, in the first line and in all that go on below it. */
function startsIn(lines: readonly string[]): number[] | null {
  const [header] = lines;
  const starts = [0];
  for (let at = 2; at < header!.length; at += 1) {
    if (header![at] === ' ' || header![at - 1] !== ' ' || header![at - 2] !== ' ') continue;
    if (lines.some((line) => line.length > at - 1 && line[at - 1] !== ' ')) continue;
    starts.push(at);
  }
  const filled = lines
    .slice(1)
    .filter((line) => line.slice(0, starts[1]).trim() !== '' && line.length > (starts[1] ?? 0));
  return starts.length >= 2 && /^\S/.test(header!) && filled.length >= (lines.length - 1) * 0.6 ? starts : null;
}
