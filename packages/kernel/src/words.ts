/** Letters that have an accent by themselves: no mark comes off them. */
const undecomposed: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', đ: 'd', ı: 'i', ß: 'ss' };

/** Text as lower-case words, without accents and wide forms: `cmdb_ci_LinuxServer` is `cmdb ci linux server`. */
export function toWords(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[łøđıß]/g, (letter) => undecomposed[letter]!)
    .replace(/[^\p{L}\p{N}.:/]+/gu, ' ')
    .trim();
}

/** A copy of its own: a slice keeps alive the whole piece of the file that it was cut from. */
export function detach(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

/** Remembers the answers of a pure function of text: columns of states and kinds repeat few values many times. */
export function memoise<T>(compute: (text: string) => T, entries = 2_048): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined || known.has(text)) return found as T;
    const value = compute(text);
    if (known.size >= entries) known.clear();
    known.set(detach(text), value);
    return value;
  };
}
