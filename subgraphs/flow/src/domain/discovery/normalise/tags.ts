import type { SourceValue } from '../sourceRecord.js';

export const tagLimits = { count: 50, characters: 128 } as const;

/** Tags from a list, from `a, b; c`, from `{"a":1}` or from `key=value` pairs, trimmed; too long ones are left out. */
export function readTags(value: SourceValue): string[] {
  if (typeof value === 'object' && value !== null) return value.map(String).map(trimTag).filter(isTag);
  const text = value === undefined || value === null ? '' : String(value).trim();
  if (text.startsWith('{') || text.startsWith('[')) {
    const parsed = parse(text);
    if (Array.isArray(parsed))
      return parsed
        .filter((item) => typeof item !== 'object')
        .map(String)
        .map(trimTag)
        .filter(isTag);
    if (parsed !== null)
      return Object.entries(parsed)
        .map(([key, inner]) => trimTag(inner === '' || typeof inner === 'object' ? key : `${key}:${String(inner)}`))
        .filter(isTag);
  }
  return text.split(/[,;|]/).map(trimTag).filter(isTag);
}

function parse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function trimTag(text: string): string {
  return text.trim().replace(/^"|"$/g, '');
}

function isTag(text: string): boolean {
  return text !== '' && text.length <= tagLimits.characters;
}
