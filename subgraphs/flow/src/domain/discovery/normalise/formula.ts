/**
 * Whether a spreadsheet would run this cell: it begins with `=`, or with + - @, a tab or a carriage return before a call, a reference to
 * another program or a command. Such text in a named field would run when somebody exports it. Names such as `-web-1` and `@home`, and
 * numbers, are what they look like.
 */
export function isFormula(raw: string): boolean {
  const first = raw.charCodeAt(0);
  // Nearly every cell leaves here.
  if (first !== 0x3d && first !== 0x2b && first !== 0x2d && first !== 0x40 && first !== 0x09 && first !== 0x0d)
    return false;
  if (first === 0x3d) return raw.length > 1;
  if (first === 0x09 || first === 0x0d) return /^[\t\r]+[=+@-]/.test(raw);
  return /^[+@-].*([A-Za-z_]\(|\||![A-Z])/.test(raw) || /^[+-]+\$?[A-Z]{1,3}\$?\d+([+*/:^-].*)?$/.test(raw);
}
