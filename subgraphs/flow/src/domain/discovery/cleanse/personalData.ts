import { readEmail } from '../normalise/email.js';
import { readDate } from '../normalise/date.js';
import { readIpAddress } from '../normalise/ipAddress.js';
import { toWords } from '../normalise/words.js';
import type { ColumnProfile } from '../profile/SourceProfile.js';

export type PersonalDataKind = 'EMAIL' | 'PHONE' | 'NATIONAL_ID' | 'PAYMENT_CARD' | 'BANK_ACCOUNT' | 'PERSON_NAME';

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

/** What kind of personal data one cell is, or null. Names of people need the column: see `namesPeople`. */
export function detectPersonalData(text: string): PersonalDataKind | null {
  if (text.length < 6 || text.length > 320) return null;
  if (text.includes('@')) return readEmail(text) !== null || /[\w.+-]+@[\w-]+\.[a-z]{2,}/i.test(text) ? 'EMAIL' : null;
  const first = text.charCodeAt(0);
  const numeric = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x28;
  if (numeric) {
    if (/^\d{3}-\d{2}-\d{4}$/.test(text) || /^756\.\d{4}\.\d{4}\.\d{2}$/.test(text)) return 'NATIONAL_ID';
    if (/^[3-6]\d{3}[ -]?\d[\d -]{6,17}\d$/.test(text) && isPaymentCard(text.replace(/[ -]/g, '')))
      return 'PAYMENT_CARD';
    if (
      /^(\+|\(0|00?[1-9])[\d\s()./-]{7,20}$/.test(text) &&
      text.replace(/\D/g, '').length >= 8 &&
      readDate(text) === null &&
      readIpAddress(text) === null &&
      (first === 0x2b || /[\s()/-]/.test(text))
    )
      return 'PHONE';
    return /^\d{3}[-. ]\d{3}[-. ]\d{4}$/.test(text) ? 'PHONE' : null;
  }
  if (/^[A-Z]{2}\d{2}[ ]?[A-Z0-9 ]{11,38}$/.test(text) && isBankAccount(text.replaceAll(' ', '')))
    return 'BANK_ACCOUNT';
  return /^(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]$/.test(text)
    ? 'NATIONAL_ID'
    : null;
}

function namesPeople(column: ColumnProfile): boolean {
  return (
    (column.shapes.personName ?? 0) >= 0.6 &&
    /\b(owner|contact|manager|person|people|employee|user|assigned|assignee|responsible|requested|created by|managed by|administrator|custodian|first name|last name|full name)\b/.test(
      toWords(column.name),
    )
  );
}

/** Luhn's check over 13 to 19 digits. */
function isPaymentCard(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    let digit = digits.charCodeAt(digits.length - 1 - index) - 0x30;
    if (index % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

/** IBAN: the check digits, modulo 97. */
function isBankAccount(text: string): boolean {
  let remainder = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const value = parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return text.length >= 15 && text.length <= 34 && remainder === 1;
}
