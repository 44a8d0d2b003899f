import type { NumberStyle } from './numberStyle.js';

const mebibytes: Readonly<Record<string, number>> = {
  b: 1 / 1_048_576,
  k: 1 / 1024,
  m: 1,
  g: 1024,
  t: 1_048_576,
  p: 1_073_741_824,
};
const sized = /^([\d][\d,.' ]*)\s*(b|bytes?|k|kb|kib|m|mb|mib|g|gb|gib|t|tb|tib|p|pb|pib)$/i;
const plainNumber = /^\d+(\.\d+)?$/;

export type SizeUnit = 'b' | 'k' | 'm' | 'g' | 't';

/**
 * A size as whole MiB, or null. `8 GB`, `8192 MB` and `8GiB` are 8192: inventories write GB and mean GiB. A number without
 * a unit is read in `unit`, which comes from the column's name, and is null without one.
 */
export function readSizeMiB(text: string, unit: SizeUnit | null, style: NumberStyle | null = null): number | null {
  const match = sized.exec(text);
  if (match !== null) {
    const amount = readAmount(match[1]!, style, match[2]![0]!.toLowerCase());
    return amount === null ? null : Math.round(amount * mebibytes[match[2]![0]!.toLowerCase()]!);
  }
  if (unit === null) return null;
  const amount = readAmount(text, style, unit);
  return amount === null ? null : Math.round(amount * mebibytes[unit]!);
}

/** Without a style, `16.384 MB` groups by threes, since nobody writes thousandths of a megabyte; `1.024 GB` is a decimal. */
function readAmount(text: string, style: NumberStyle | null, unit: string): number | null {
  let plain = text.trim().replace(/[' \u00a0\u202f]/g, '');
  const groupsByPoint = style === 'COMMA' || (style === null && (unit === 'm' || unit === 'k' || unit === 'b'));
  if (/^\d{1,3}(\.\d{3})+,\d+$/.test(plain)) plain = plain.replaceAll('.', '').replace(',', '.');
  else if (groupsByPoint && /^\d{1,3}(\.\d{3})+$/.test(plain)) plain = plain.replaceAll('.', '');
  else if (style !== 'COMMA' && /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) plain = plain.replaceAll(',', '');
  else if (/^\d+,\d+$/.test(plain)) plain = plain.replace(',', '.');
  if (!plainNumber.test(plain)) return null;
  const value = Number(plain);
  return value <= Number.MAX_SAFE_INTEGER / 1024 ? value : null;
}
