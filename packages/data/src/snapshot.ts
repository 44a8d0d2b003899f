const dateTag = '$date';

/** JSON of a record in which dates keep their type. */
export function toSnapshot(value: unknown): string {
  // Date.toJSON runs before a replacer sees the value, so the replacer looks at the holder.
  return JSON.stringify(value, function (this: Record<string, unknown>, key, inner: unknown) {
    const original = this[key];
    return original instanceof Date ? { [dateTag]: original.toISOString() } : inner;
  });
}

/** The record behind `toSnapshot`, from the JSON value that PostgreSQL hands back. */
export function fromSnapshot(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(fromSnapshot);
  if (typeof json !== 'object' || json === null) return json;
  if (dateTag in json) return new Date(String(json[dateTag]));
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, fromSnapshot(value)]));
}
