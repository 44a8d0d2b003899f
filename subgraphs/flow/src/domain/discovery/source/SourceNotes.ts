import { looksLikeCredential, removedCredential } from '@tributary/kernel';

/** What was noticed about a source beside its records. Each costs no row; all of it stands in the report. */
export const noteCodes = {
  PREAMBLE: 'Lines above the table were left out.',
  NO_HEADER: 'The table has no header line: its columns have no names.',
  REPEATED_HEADER: 'The header line came again among the rows and was left out.',
  FOOTER: 'Lines below the table were left out.',
  SHORT_ROW: 'Rows had fewer cells than the header; the others were taken as empty.',
  CREDENTIAL_REMOVED: 'Values that let somebody in were removed and are not stored.',
  SHEET_HIDDEN: 'A hidden sheet was not read.',
  SHEET_EMPTY: 'A sheet or file of the source holds no rows.',
  SHEET_UNREADABLE: 'A file of the archive could not be read as a source and was left out.',
  SHEET_LEFT_OUT: 'A sheet or file names no assets of its own, so its rows became none.',
  CELL_ERROR: 'Cells hold the error of a formula and were taken as empty.',
  FORMULA_WITHOUT_VALUE: 'Formulas were saved without their value and were taken as empty.',
  ODD_ADDRESS: 'Cells of the address column hold no address; they are kept as attributes.',
  ODD_DATE: 'Cells of a date column hold no date that can be read; they are kept as attributes.',
  MANGLED_NUMBER: 'Ids are numbers that a spreadsheet has cut short (1.23E+15), so they recognise nothing.',
  UNRESOLVED_END: 'Connections name an asset that is not in the inventory, so they became no edge.',
  OTHER_TABLE: 'A part of the document holds other records, which were not read.',
  SEVERAL_LISTS: 'The document holds several lists, and it is not plain which of them is the inventory. One was read.',
  KEPT_APART:
    'Rows that share a name or an id and differ are assets of their own. Where two are one after all, correct them at the source.',
  NAMESAKE:
    'Things that have the name of an asset of another source, and differ from it, are assets of their own. Where two are one after all, give both the same id.',
  SHARED_ID:
    'Ids that rows of more than three names share, and serial numbers that rows of two names do, recognise nothing.',
  NOT_SHOWN:
    'Assets that earlier imports of this source showed are not in it. If it shows all there is, import it again with coverage COMPLETE: that marks them as missing.',
} as const;

export type NoteCode = keyof typeof noteCodes;

export interface SourceNote {
  readonly code: NoteCode;
  readonly count: number;
  /** The first lines, or what it is about; at most 3. */
  readonly samples: readonly string[];
  /** Where it was noticed, in a source of several sheets; absent: in the source as a whole. */
  readonly sheet?: string;
}

const maxSamples = 3;

/** Counts what is noticed during one reading. */
export class SourceNotes {
  private readonly found = new Map<string, { code: NoteCode; count: number; samples: string[]; sheet?: string }>();

  /** `sheet`: null in a source that is one table. */
  constructor(private readonly sheet: string | null = null) {}

  add(code: NoteCode, sample: number | string): void {
    let note = this.found.get(code);
    if (note === undefined) {
      note = { code, count: 0, samples: [], ...(this.sheet === null ? {} : { sheet: this.sheet }) };
      this.found.set(code, note);
    }
    note.count += 1;
    if (note.samples.length >= maxSamples) return;
    const text = typeof sample === 'number' ? `line ${sample}` : sample;
    note.samples.push(looksLikeCredential(text) ? removedCredential : text);
  }

  get all(): SourceNote[] {
    return [...this.found.values()];
  }
}
