const dateTag = '$date';

/** JSON of a record in which dates keep their type. */
export function toSnapshot(value: unknown): string {
  // Date.toJSON runs before a replacer sees the value, so the replacer looks at the holder.
  return JSON.stringify(value, function (this: Record<string, unknown>, key, inner: unknown) {
    const original = this[key];
    return original instanceof Date ? { [dateTag]: original.toISOString() } : inner;
  });
}

/** The record behind `toSnapshot`, from text or from parsed JSON. */
export function fromSnapshot(snapshot: unknown): unknown {
  if (typeof snapshot === 'string') return JSON.parse(snapshot, (_, value: unknown) => reviveDate(value));
  return fromSnapshot(JSON.stringify(snapshot));
}

function reviveDate(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(dateTag in value)) return value;
  return new Date(String(value[dateTag]));
}
