/** Collects the values of a statement of a workspace and hands out their places, from $2 on: $1 is the workspace. */
export class Parameters {
  readonly values: unknown[] = [];

  /** The place of a further value, with its type where PostgreSQL could not tell. */
  add(value: unknown, type?: string): string {
    const place = `$${this.values.push(value) + 1}`;
    return type === undefined ? place : `${place}::${type}`;
  }
}
