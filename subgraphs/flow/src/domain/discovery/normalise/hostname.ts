const label = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/i;

/** What every machine calls itself, and what it says when nobody has named it: two of them are not one. */
const nobody = /^(?:localhost\d?(?:\.localdomain\d?)?|ip6-(?:localhost|loopback))$/i;

/** A host name in lower case without the final dot, or null when it cannot be one. */
export function readHostname(text: string): string | null {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  if (bare.length === 0 || bare.length > 253 || nobody.test(bare)) return null;
  for (const part of bare.split('.')) {
    if (part.length === 0 || part.length > 63 || !label.test(part)) return null;
  }
  return bare.toLowerCase();
}
