/** How a cell's number is shown, which decides what it says. */
export type NumberFormat =
  { readonly shows: 'number' } | { readonly shows: 'date' } | { readonly shows: 'digits'; readonly digits: number };

const plain: NumberFormat = { shows: 'number' };
const date: NumberFormat = { shows: 'date' };

/** Formats of dates and times that every workbook has without saying so, those of East Asia among them. */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/** What a format says. `code`: null for built-in ones. */
export function readNumberFormat(id: number, code: string | null): NumberFormat {
  if (code === null) return isBuiltInDate(id) ? date : plain;
  const bare = code
    .split(';', 1)[0]!
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .trim();
  if (/^0{2,15}$/.test(bare)) return { shows: 'digits', digits: bare.length };
  if (/general|@/i.test(bare) || /\[[hms]+\]/i.test(bare)) return plain;
  return /[ymdhs年月日]/i.test(bare) && !/[#?]/.test(bare) ? date : plain;
}

const dayMs = 86_400_000;
/** Serial numbers count days from here; those before March 1900 count one that never was. */
const epoch1900 = Date.UTC(1899, 11, 30);
const epoch1904 = Date.UTC(1904, 0, 1);
const lastSerial = 2_958_465;

/** A number of a cell as text, as a person sees it. */
export function textOfNumber(raw: string, format: NumberFormat, is1904: boolean): string {
  const number = Number(raw);
  if (!Number.isFinite(number)) return raw;
  if (format.shows === 'date') return dateOfSerial(number, is1904) ?? raw;
  if (format.shows === 'digits' && Number.isInteger(number) && number >= 0)
    return String(number).padStart(format.digits, '0');
  if (Number.isInteger(number)) return Math.abs(number) < 1e15 ? String(number) : raw;
  // 0.1 + 0.2 is stored with all its digits, and shown with 15.
  return String(Number(number.toPrecision(15)));
}

/** `2026-03-01`, `2026-03-01T10:15:00`, or `10:15:00` for a time without a day; null for a number that is no date. */
function dateOfSerial(serial: number, is1904: boolean): string | null {
  if (serial < 0 || serial > lastSerial) return null;
  const days = is1904 || serial >= 60 ? serial : serial + 1;
  const moment = new Date(Math.round(((is1904 ? epoch1904 : epoch1900) + days * dayMs) / 1_000) * 1_000).toISOString();
  if (serial < 1 && !is1904) return moment.slice(11, 19);
  return moment.endsWith('T00:00:00.000Z') ? moment.slice(0, 10) : moment.slice(0, 19);
}
