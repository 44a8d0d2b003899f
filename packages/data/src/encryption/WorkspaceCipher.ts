import type { EncryptedColumn } from './EncryptedColumn.js';
import type { Keyring } from './Keyring.js';

/** Seals and opens the values of one workspace's rows. Storage gets it with the transaction, or with each row that it maps. */
export class WorkspaceCipher {
  constructor(
    private readonly workspaceId: string,
    private readonly keyring: Keyring | null,
  ) {}

  /** `key`: the row's values of `column.key`. */
  seal(column: EncryptedColumn, key: readonly (string | number)[], text: string): string {
    return this.keys.seal(this.place(column, key), text);
  }

  /** Throws INTERNAL_ERROR when the value is not one that was sealed for this row. */
  open(column: EncryptedColumn, key: readonly (string | number)[], value: string): string {
    return this.keys.open(this.place(column, key), value);
  }

  private place(column: EncryptedColumn, key: readonly (string | number)[]) {
    if (key.length !== column.key.length) throw new Error(`${column.table} has a key of ${column.key.join(', ')}.`);
    return { column, workspaceId: this.workspaceId, row: key.join('/') };
  }

  private get keys(): Keyring {
    if (!this.keyring) throw new Error('This Database was opened without a keyring, and a column of it is encrypted.');
    return this.keyring;
  }
}
