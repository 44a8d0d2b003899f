type Values = Readonly<Record<string, unknown>>;

export interface Change {
  readonly name: string;
  /** As JSON; null: there was none. */
  readonly before: string | null;
  readonly after: string | null;
}

/** The values that differ, in the order of what is there now. */
export function diffOf(before: Values | null, after: Values | null): Change[] {
  const names = new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})]);
  return [...names]
    .map((name) => ({ name, before: written(before?.[name]), after: written(after?.[name]) }))
    .filter((change) => change.before !== change.after);
}

function written(value: unknown): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
