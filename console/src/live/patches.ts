// How what is on the screen changes with what happens. Pure, so that any order of events can be tried.

export interface LiveRow {
  readonly id: string;
  readonly version: number;
}

/** The rows with a newer state of one of them; older states never win. Null: the row is not among them. */
export function patchRow<Row extends LiveRow>(
  rows: readonly Row[],
  next: Partial<Row> & LiveRow,
): readonly Row[] | null {
  const index = rows.findIndex(({ id }) => id === next.id);
  const known = rows[index];
  if (!known) return null;
  if (next.version < known.version) return rows;
  return rows.with(index, { ...known, ...next });
}

export interface LoggedEvent {
  readonly sequence: number;
}

/** The rows with the newer ones of these states; those of other rows are nobody's. */
export function patchRows<Row extends LiveRow>(
  rows: readonly Row[],
  states: readonly (Partial<Row> & LiveRow)[],
): readonly Row[] {
  return states.reduce((patched: readonly Row[], state) => patchRow(patched, state) ?? patched, rows);
}

/** A log with one more event in its place: each stands once, however often it comes. */
export function addEvent<Event extends LoggedEvent>(log: readonly Event[], event: Event): readonly Event[] {
  const last = log.at(-1);
  if (!last || last.sequence < event.sequence) return [...log, event];
  const at = log.findIndex(({ sequence }) => sequence >= event.sequence);
  if (log[at]?.sequence === event.sequence) return log;
  return log.toSpliced(at, 0, event);
}

/** Whether an event is about the stream and not about what it tells of. */
export function isAboutStream(type: string): boolean {
  return type.startsWith('stream.');
}
