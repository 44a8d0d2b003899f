/** What a part of the proof saw: a sentence with its figures, and every promise that was broken. */
export interface Finding {
  readonly said: string;
  readonly broken: readonly string[];
}

export function finding(said: string, promises: Readonly<Record<string, boolean>>): Finding {
  return { said, broken: Object.entries(promises).flatMap(([promise, kept]) => (kept ? [] : [promise])) };
}
