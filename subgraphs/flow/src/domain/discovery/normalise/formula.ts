/**
 * Whether a spreadsheet would run this cell: it begins with `=`, a tab or carriage return, with `@NAME(`, or with + or -
 * before something that is no number or phone number. Such text in a named field would run when somebody exports it.
 */
export function isFormula(raw: string): boolean {
  const first = raw.charCodeAt(0);
  // Nearly every cell leaves here.
  if (first !== 0x3d && first !== 0x2b && first !== 0x2d && first !== 0x40 && first !== 0x09 && first !== 0x0d)
    return false;
  if (first === 0x3d) return raw.length > 1;
  if (first === 0x09 || first === 0x0d) return /^[\t\r]+[=+@-]/.test(raw);
  if (first === 0x40) return /^@[A-Za-z_.]+\(/.test(raw);
  return raw.length > 1 && !/^[+-]+[\d\s().,/-]*$/.test(raw);
}
