const names = ['--c1', '--c2', '--c3', '--c4', '--c5', '--c6', '--c7', '--c8'] as const;

/** The colour of the nth series, as CSS. */
export function colour(index: number): string {
  return `var(${names[index % names.length]!})`;
}

/** What a CSS variable holds just now, for a canvas. */
export function resolved(index: number): string {
  return getComputedStyle(document.documentElement)
    .getPropertyValue(names[index % names.length]!)
    .trim();
}
