const plain =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i;

/** The address in lower case, also out of `Ann Lee <ann@x.example>` and `mailto:`; null when there is none. */
export function readEmail(text: string): string | null {
  if (text.indexOf('@') === -1 || text.length > 320) return null;
  const inner = /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text.replace(/^mailto:/i, '');
  const trimmed = inner.trim();
  return trimmed.length <= 254 && plain.test(trimmed) ? trimmed.toLowerCase() : null;
}
