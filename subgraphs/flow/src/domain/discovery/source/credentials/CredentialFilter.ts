import {
  holdsCredential,
  isCredentialName,
  isCredentialValue,
  looksLikeCredential,
  removedCredential,
  withoutCredentials,
} from '@tributary/kernel';
import { textOf } from '../../rejectRow.js';
import type { RecordBatch, RejectedRow, SourceRecord, SourceValue } from '../../sourceRecord.js';

/**
 * Takes what lets somebody in out of a source before anything else sees it: samples, rejected rows, attributes and names alike. By the
 * names of columns, and by the look of each value.
 */
export class CredentialFilter {
  /** Values that were removed, by column. */
  readonly removed = new Map<string, number>();
  private credentialColumns: readonly boolean[] = [];
  private safeNames: readonly string[] = [];

  filter(given: RecordBatch): RecordBatch {
    if (this.credentialColumns.length !== given.columns.length) {
      this.credentialColumns = given.columns.map(isCredentialName);
      this.safeNames = given.columns.map((name, index) =>
        looksLikeCredential(name) ? `${removedCredential} ${index + 1}` : name,
      );
    }
    const batch = { ...given, columns: this.safeNames };
    const records = batch.records.map((record) => this.filterRecord(record, batch.columns));
    const rejected = batch.rejected.map((row) => this.filterRejected(row));
    return { ...batch, records, rejected };
  }

  private filterRecord(record: SourceRecord, columns: readonly string[]): SourceRecord {
    let values: SourceValue[] | null = null;
    for (let index = 0; index < record.values.length; index += 1) {
      const value = record.values[index];
      if (value === null || value === undefined || value === '') continue;
      const safe = this.credentialColumns[index]
        ? this.remove(value, columns[index]!)
        : this.byLook(value, columns[index]!);
      if (safe === value) continue;
      values ??= [...record.values];
      values[index] = safe;
    }
    const { overflow } = record;
    if (overflow === undefined) return values === null ? record : { ...record, values };
    const safeOverflow = Object.fromEntries(
      Object.entries(overflow).map(([name, value]) => [
        looksLikeCredential(name) ? removedCredential : name,
        value === null || value === undefined
          ? value
          : isCredentialName(name)
            ? this.remove(value, name)
            : this.byLook(value, name),
      ]),
    );
    return { ...record, ...(values === null ? {} : { values }), overflow: safeOverflow };
  }

  /** Blanks and yes or no (`password set: true`) let nobody in. */
  private remove(value: SourceValue, column: string): SourceValue {
    if (typeof value === 'boolean' || !isCredentialValue(textOf(value))) return value;
    this.count(column);
    return removedCredential;
  }

  private byLook(value: SourceValue, column: string): SourceValue {
    if (typeof value === 'string') {
      const first = value.charCodeAt(0);
      if (first === 0x7b || first === 0x5b) {
        const safe = withoutCredentials(value);
        if (safe !== value) this.count(column);
        return looksLikeCredential(safe) ? this.remove(safe, column) : safe;
      }
      return looksLikeCredential(value) ? this.remove(value, column) : value;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (!value.some((item) => typeof item === 'string' && holdsCredential(item))) return value;
    return value.map((item) => {
      if (typeof item !== 'string' || !holdsCredential(item)) return item;
      this.count(column);
      return removedCredential;
    });
  }

  /** In a row that could not be read, a cell too many has moved what stands behind it: nothing says which of them is the password. */
  private filterRejected(row: RejectedRow): RejectedRow {
    const holdsOne = this.credentialColumns.includes(true);
    const raw = Object.fromEntries(
      Object.entries(row.raw).map(([name, text]) => [
        looksLikeCredential(name) ? removedCredential : name,
        holdsOne || isCredentialName(name) || looksLikeCredential(text) ? removedCredential : withoutCredentials(text),
      ]),
    );
    const message = looksLikeCredential(row.message) ? removedCredential : row.message;
    return { ...row, raw, message };
  }

  private count(column: string): void {
    this.removed.set(column, (this.removed.get(column) ?? 0) + 1);
  }
}
