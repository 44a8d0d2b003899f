import type { SourceProfile } from './SourceProfile.js';

/** One table of a source, as if it were a source of its own. */
export interface TableProfile {
  /** Null: the source is one table. */
  readonly sheet: string | null;
  /** Its columns have their own names. */
  readonly profile: SourceProfile;
}

/** What a column is called in the mappings of its source: `vInfo!VM`, as formulas write it. */
export function fieldOf(sheet: string | null, column: string): string {
  return sheet === null ? column : `${sheet}!${column}`;
}

function columnOfField(sheet: string | null, field: string): string {
  return sheet === null ? field : field.slice(sheet.length + 1);
}

/** The tables of a source, in its order. */
export function tablesOf(profile: SourceProfile): TableProfile[] {
  const { sheets, ...source } = profile;
  if (sheets === undefined) return [{ sheet: null, profile }];
  let first = 0;
  return sheets.map((sheet) => {
    const columns = profile.columns.slice(first, first + sheet.columns);
    first += sheet.columns;
    return {
      sheet: sheet.name,
      profile: {
        ...source,
        rows: sheet.rows,
        rejected: sheet.rejected,
        recognised: sheet.recognised,
        ...(sheet.repeatedNames ? { repeatedNames: sheet.repeatedNames } : {}),
        notes: profile.notes.filter((note) => note.sheet === sheet.name),
        columns: columns.map((column) => ({ ...column, name: columnOfField(sheet.name, column.name) })),
      },
    };
  });
}

/** The decisions that are about a table's columns, by the columns' own names. */
export function decisionsFor<Decision extends { readonly sourceField: string }>(
  { sheet, profile }: TableProfile,
  decisions: readonly Decision[],
): Decision[] {
  if (sheet === null) return [...decisions];
  const own = new Set(profile.columns.map(({ name }) => fieldOf(sheet, name).toLowerCase()));
  return decisions
    .filter(({ sourceField }) => own.has(sourceField.toLowerCase()))
    .map((decision) => ({ ...decision, sourceField: columnOfField(sheet, decision.sourceField) }));
}
