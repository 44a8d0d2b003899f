import { detectPersonalData, isPersonNameField, looksLikePersonName } from './personalData.js';

/** "jane@acme.example" as "j***@acme.example": enough to see whose domain it is, too little to write to. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '***' : `${[...address][0]}***${address.slice(at)}`;
}

/** Personal data that stands inside other text. */
const inText: readonly [RegExp, (found: string) => string][] = [
  [/[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/gi, maskEmail],
  [/\b\d{3}-\d{2}-\d{4}\b|\b756\.\d{4}\.\d{4}\.\d{2}\b/g, () => '***'],
  [/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/g, maskWhole],
  [/\b\d(?:[ -]?\d){12,18}\b/g, maskWhole],
  [/\+\d[\d ()/.-]{6,20}\d/g, maskWhole],
];

/** Text with the personal data in it masked: `j***@acme.example`, `***11` of a card or a number. What is none stays as it is. */
export function maskPersonalText(text: string): string {
  if (detectPersonalData(text.trim()) !== null && !text.includes('@')) return maskWhole(text.trim());
  return inText.reduce((masked, [pattern, mask]) => masked.replace(pattern, mask), text);
}

/**
 * A JSON value with all personal data in it masked: by what values look like, and names of people by what their field is called. Lists
 * and objects are gone through; the value itself is not changed.
 */
export function maskPersonalData<Value>(value: Value, field = ''): Value {
  return mask(value, field) as Value;
}

function mask(value: unknown, field: string): unknown {
  if (typeof value === 'string') {
    if (isPersonNameField(field) && looksLikePersonName(value.trim())) return maskName(value.trim());
    return maskPersonalText(value);
  }
  // A card or a phone that a JSON source gives as a number.
  if (typeof value === 'number') return detectPersonalData(String(value)) === null ? value : maskWhole(String(value));
  if (Array.isArray(value)) return value.map((item) => mask(item, field));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mask(inner, name)]));
  return value;
}

/** Masks what `detectPersonalData` knows, and leaves the rest. */
function maskWhole(found: string): string {
  const kind = detectPersonalData(found);
  if (kind === null) return found;
  return kind === 'NATIONAL_ID' ? '***' : `***${found.slice(-2)}`;
}

function maskName(name: string): string {
  return name
    .split(/\s+/)
    .map((word) => `${[...word][0]}***`)
    .join(' ');
}
