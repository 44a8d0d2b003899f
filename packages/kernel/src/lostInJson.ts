/** A value of a JSON text that would not arrive as it was sent. */
export interface LostValue {
  /** Keys and indices that lead to it. */
  readonly path: readonly string[];
  /** A sentence for the sender. */
  readonly message: string;
}

/** Nothing is lost of a text without these, and most have none: NUL, half a surrogate pair, many digits, a large exponent. */
const suspicious = /\\u0000|\\u[dD][89a-fA-F]|\d{16}|[eE]\+?\d{3}/;
const wholeNumber = /^-?\d+$/;
/** What is nested deeper cannot be looked through: far more than any request has. */
const maxLevels = 500;

/**
 * Finds what `JSON.parse` or the database would replace silently or refuse: texts and keys with NUL or half a surrogate pair, numbers
 * beyond a double, whole numbers that a double rounds. Null when `text` arrives as it is. Throws SyntaxError when it is not JSON.
 */
export function lostInJson(text: string): LostValue | null {
  return suspicious.test(text) ? (lostText(JSON.parse(text), []) ?? lostNumber(text)) : null;
}

/** Why PostgreSQL would not store a text; null when it does. */
export function whyUnstorable(text: string): string | null {
  if (text.includes('\0')) return 'A text cannot hold the character NUL (U+0000).';
  return text.isWellFormed() ? null : 'A text cannot hold half a surrogate pair: it is not Unicode.';
}

/** Why a number as it is written would become another one; null when it does not. */
export function whyInexact(written: string): string | null {
  const value = Number(written);
  if (!Number.isFinite(value)) return 'This number is too large: no double holds it.';
  // What JavaScript itself writes for a double reads back as that double.
  if (!wholeNumber.test(written) || String(value) === written || BigInt(value) === BigInt(written)) return null;
  return 'This whole number would be rounded. Send one of at most 53 bits, or a text.';
}

function lostText(value: unknown, path: readonly string[]): LostValue | null {
  if (typeof value === 'string') {
    const message = whyUnstorable(value);
    return message === null ? null : { path, message };
  }
  if (typeof value !== 'object' || value === null) return null;
  if (path.length > maxLevels)
    return { path: path.slice(0, 8), message: `JSON may be nested ${maxLevels} levels deep at most.` };
  for (const [key, inner] of Object.entries(value)) {
    const message = whyUnstorable(key);
    if (message !== null) return { path, message };
    const lost = lostText(inner, [...path, key]);
    if (lost) return lost;
  }
  return null;
}

/** The reviver alone is shown a number as it was written, and it comes to a value before the objects that hold it. */
function lostNumber(text: string): LostValue | null {
  const found: { holder: unknown; key: string; message: string }[] = [];
  const holders = new Map<unknown, { holder: unknown; key: string }>();
  const read = function (this: unknown, key: string, value: unknown, context?: { readonly source?: string }): unknown {
    if (typeof value === 'object' && value !== null) holders.set(value, { holder: this, key });
    if (typeof value === 'number' && found.length === 0) {
      const message = whyInexact(context?.source ?? String(value));
      if (message !== null) found.push({ holder: this, key, message });
    }
    return value;
  };
  JSON.parse(text, read);
  const [first] = found;
  if (!first) return null;
  const path = [first.key];
  for (let place = holders.get(first.holder); place && place.key !== ''; place = holders.get(place.holder))
    path.unshift(place.key);
  return { path: path.filter((key) => key !== ''), message: first.message };
}
