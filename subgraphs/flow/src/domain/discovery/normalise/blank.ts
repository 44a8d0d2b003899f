const blanks = new Set([
  '',
  '-',
  '--',
  '—',
  '?',
  'n/a',
  '#n/a',
  'n.a.',
  'na',
  'null',
  '(null)',
  'none',
  '(none)',
  'nil',
  'undefined',
  'unknown',
  '(unknown)',
  'not set',
  'not available',
  'tbd',
  'nan',
]);

/** Whether a cell says nothing: empty, or one of the words that exports write for it. */
export function isBlankText(text: string): boolean {
  return text === '' || (text.length <= 13 && blanks.has(text.toLowerCase()));
}
