/** One for each of the most series that a chart is given; 12 can still be told apart. */
const names = [
  '--c1',
  '--c2',
  '--c3',
  '--c4',
  '--c5',
  '--c6',
  '--c7',
  '--c8',
  '--c9',
  '--c10',
  '--c11',
  '--c12',
] as const;

/** The colour of the nth series, as CSS. */
export function colour(index: number, tone?: 'bad'): string {
  return `var(${nameOf(index, tone)})`;
}

/** What a CSS variable holds just now, for a canvas. */
export function resolved(index: number, tone?: 'bad'): string {
  return getComputedStyle(document.documentElement).getPropertyValue(nameOf(index, tone)).trim();
}

function nameOf(index: number, tone: 'bad' | undefined): string {
  return tone ? '--bad' : names[index % names.length]!;
}
