import { toWords } from '../../normalise/words.js';

/** By what headings of known tables are compared: `whenCreated`, `WHENCREATED` and `When created` are one. */
export function headingKey(heading: string): string {
  return toWords(heading).replaceAll(' ', '');
}
