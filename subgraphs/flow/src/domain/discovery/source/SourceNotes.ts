/** What was noticed about a source beside its records. Each costs no row; all of it stands in the report. */
export const noteCodes = {
  PREAMBLE: 'Lines above the table were left out.',
  NO_HEADER: 'The table has no header line: its columns have no names.',
  REPEATED_HEADER: 'The header line came again among the rows and was left out.',
  FOOTER: 'Lines below the table were left out.',
  SHORT_ROW: 'Rows had fewer cells than the header; the others were taken as empty.',
  CREDENTIAL_REMOVED: 'Values that let somebody in were removed and are not stored.',
  OTHER_TABLE: 'A part of the document holds other records, which were not read.',
} as const;

export type NoteCode = keyof typeof noteCodes;

export interface SourceNote {
  readonly code: NoteCode;
  readonly count: number;
  /** The first lines, or what it is about; at most 3. */
  readonly samples: readonly string[];
}

const maxSamples = 3;

/** Counts what is noticed during one reading. */
export class SourceNotes {
  private readonly found = new Map<NoteCode, { count: number; samples: string[] }>();

  add(code: NoteCode, sample: number | string): void {
    let note = this.found.get(code);
    if (note === undefined) this.found.set(code, (note = { count: 0, samples: [] }));
    note.count += 1;
    if (note.samples.length < maxSamples) note.samples.push(typeof sample === 'number' ? `line ${sample}` : sample);
  }

  get all(): SourceNote[] {
    return [...this.found].map(([code, note]) => ({ code, ...note }));
  }
}
