const maxKey = 500;
const maxTerm = 64;
const maxWords = 24;

const blanks = /\s+/gu;
/** A run of letters and digits; a UUID is one word, since nobody looks for its third group. */
const word = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\p{L}\p{N}\p{M}]+/gu;
/** Addresses are looked for from their start: "10.0.", not "7.12". */
const addressWord = /[^\s,;|]+/gu;

/** The form in which names are compared and sorted: letter case, extra blanks and ways to write one accent do not count. */
export function nameKeyOf(text: string): string {
  const key = text.trim().normalize('NFC').toLowerCase().replace(blanks, ' ');
  return key.length > maxKey ? key.slice(0, maxKey).toWellFormed() : key;
}

/** The term of a tag. No word starts with "#", so tags and words share a table. */
export function tagTerm(tag: string): string {
  return `#${nameKeyOf(tag)}`;
}

export interface Searchable {
  readonly name: string;
  readonly hostname: string | null;
  readonly externalId: string | null;
  readonly ipAddress: string | null;
  readonly tags: readonly string[];
}

/**
 * What an asset is found by. From the start of every word its text goes on to the end, so that "db-01.ac" finds
 * "prod-db-01.acme.example" at its second word. A term that only starts another one is left out: whoever looks for it finds that one.
 */
export function termsOf(asset: Searchable): string[] {
  const found: string[] = [];
  addWords(found, asset.name, word);
  if (asset.hostname !== null && asset.hostname !== asset.name) addWords(found, asset.hostname, word);
  if (asset.externalId !== null && asset.externalId !== asset.name) addWords(found, asset.externalId, word);
  if (asset.ipAddress !== null) addWords(found, asset.ipAddress, addressWord);
  found.sort();
  const terms = found.filter((term, index) => !found[index + 1]?.startsWith(term));
  for (const tag of asset.tags) terms.push(tagTerm(tag));
  return terms;
}

/**
 * The words of a search, as starts of terms; the asset must match them all. Null for a blank search, which asks for nothing; empty
 * when there is text but no word in it, which nothing matches.
 */
export function searchedPrefixes(search: string): string[] | null {
  const key = nameKeyOf(search);
  if (key === '') return null;
  const prefixes = key.split(/\s+/u).map((part) => part.replace(/^[^\p{L}\p{N}\p{M}]+/u, '').slice(0, maxTerm));
  return [...new Set(prefixes.filter((prefix) => prefix !== ''))];
}

function addWords(terms: string[], text: string, words: RegExp): void {
  const key = nameKeyOf(text);
  let count = 0;
  for (const match of key.matchAll(words)) {
    terms.push(key.slice(match.index, match.index + maxTerm));
    count += 1;
    if (count === maxWords) return;
  }
}
