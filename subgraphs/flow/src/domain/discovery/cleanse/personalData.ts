import { detectPersonalData, isPersonNameField } from '@tributary/kernel';
import type { PersonalDataKind } from '@tributary/kernel';
import type { ColumnProfile } from '../profile/SourceProfile.js';

export interface PersonalDataFinding {
  readonly column: string;
  readonly kind: PersonalDataKind;
  /** Cells in which it was found. */
  readonly count: number;
}

/** Kinds that numbers of machines can look like by chance: they are reported only when they are the rule in a column. */
const needsMajority: ReadonlySet<PersonalDataKind> = new Set(['PHONE', 'PAYMENT_CARD', 'NATIONAL_ID']);

/** Counts personal data column by column. Only counts are kept, never the data. */
export class PersonalDataScanner {
  private readonly counts: Map<PersonalDataKind, number>[];
  private readonly filled: number[];

  constructor(private readonly columns: readonly ColumnProfile[]) {
    this.counts = columns.map(() => new Map<PersonalDataKind, number>());
    this.filled = columns.map(() => 0);
  }

  scan(index: number, text: string): void {
    if (text.length === 0 || index >= this.counts.length) return;
    this.filled[index] = this.filled[index]! + 1;
    const kind = detectPersonalData(text);
    if (kind === null) return;
    const counts = this.counts[index]!;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }

  findings(): PersonalDataFinding[] {
    return this.columns.flatMap((column, index) => {
      const found = [...this.counts[index]!]
        .filter(([kind, count]) => !needsMajority.has(kind) || count * 2 >= this.filled[index]!)
        .map(([kind, count]) => ({ column: column.name, kind, count }));
      return namesPeople(column)
        ? [
            ...found,
            {
              column: column.name,
              kind: 'PERSON_NAME' as const,
              count: Math.round(column.filled * (column.shapes.personName ?? 0)),
            },
          ]
        : found;
    });
  }
}

function namesPeople(column: ColumnProfile): boolean {
  return (column.shapes.personName ?? 0) >= 0.6 && isPersonNameField(column.name);
}
