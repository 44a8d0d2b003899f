import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { CodedError } from '@tributary/contracts/errors';
import type { EncryptedColumn } from './EncryptedColumn.js';

/** Where a value stands. It is bound to that place: in any other one it cannot be opened. */
export interface SealedPlace {
  readonly column: EncryptedColumn;
  /** Bare uuid. */
  readonly workspaceId: string;
  /** The row's key without the workspace, parts joined by `/`. */
  readonly row: string;
}

interface Keys {
  /** The id of the key that seals. */
  readonly current: string;
  readonly byId: ReadonlyMap<string, Buffer>;
}

const algorithm = 'aes-256-gcm';
const prefix = 'aes256gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** Processes take up changed keys within this time. */
export const keyRefreshMs = 2_000;

/**
 * Seals and opens the values of encrypted columns: AES-256-GCM, a random nonce of 12 bytes for each value, and table, column,
 * workspace and row as additional data. The text is `aes256gcm.<key id>.<base64url of nonce, ciphertext and tag>`.
 *
 * `read` gives the keys as text, `id:key` with a comma between; the first seals, all open. It is asked again every 2 s of use and
 * whenever a value names a key that is not known, so that keys in a file change while the system runs.
 */
export class Keyring {
  private keys: Keys;
  private readAt = Date.now();

  /** Throws when the keys are not as they should be; the message quotes none of them. */
  constructor(private readonly read: () => string) {
    this.keys = parseKeys(read());
  }

  get currentKeyId(): string {
    this.refresh(keyRefreshMs);
    return this.keys.current;
  }

  /** The ids of all keys, the current one first. */
  get keyIds(): readonly string[] {
    return [...this.keys.byId.keys()];
  }

  seal(place: SealedPlace, text: string): string {
    const id = this.currentKeyId;
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.keys.byId.get(id)!, nonce);
    cipher.setAAD(additionalData(place, id));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${prefix}.${id}.${sealed.toString('base64url')}`;
  }

  /**
   * The text behind `value`. A value from before the column was encrypted is answered as it is. Throws INTERNAL_ERROR with
   * details.reason UNKNOWN_KEY, or UNREADABLE_VALUE for one that was changed or stands in another place than it was sealed for.
   */
  open(place: SealedPlace, value: string): string {
    const [marker, id = '', body = ''] = value.split('.', 3);
    if (marker !== prefix) return value;
    if (!this.keys.byId.has(id)) this.refresh(0);
    const key = this.keys.byId.get(id);
    if (!key) throw unreadable(place, 'UNKNOWN_KEY');
    const sealed = Buffer.from(body, 'base64url');
    if (sealed.length < nonceBytes + tagBytes) throw unreadable(place, 'UNREADABLE_VALUE');
    const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(additionalData(place, id));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    try {
      return decipher.update(sealed.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw unreadable(place, 'UNREADABLE_VALUE');
    }
  }

  /** A pattern for LIKE that values of the current key match. */
  get currentPattern(): string {
    return `${prefix}.${this.currentKeyId.replaceAll('_', '\\_')}.%`;
  }

  private refresh(afterMs: number): void {
    if (Date.now() - this.readAt < afterMs) return;
    this.readAt = Date.now();
    try {
      this.keys = parseKeys(this.read());
    } catch {
      // A file that is being written, or is gone: the keys that worked go on working.
    }
  }
}

const keyFormat = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]{43}=?|[0-9a-fA-F]{64})$/;

/** Throws when a key is malformed, weak or named twice. */
export function parseKeys(text: string): Keys {
  const byId = new Map<string, Buffer>();
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const [, id, encoded] = keyFormat.exec(part) ?? [];
    if (!id || !encoded)
      throw new Error('must be keys as id:key with a comma between, each key 32 bytes in base64 or hex');
    const key = Buffer.from(encoded, encoded.length === 64 ? 'hex' : 'base64');
    // 32 random bytes with fewer than 16 different ones do not happen.
    if (new Set(key).size < 16) throw new Error(`has a weak key ${id}: make one with \`openssl rand -hex 32\``);
    if (byId.has(id)) throw new Error(`names key ${id} twice: a new key needs a new id`);
    byId.set(id, key);
  }
  return { current: [...byId.keys()][0]!, byId };
}

function additionalData({ column, workspaceId, row }: SealedPlace, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([keyId, column.table, column.column, workspaceId, row]));
}

function unreadable({ column }: SealedPlace, reason: 'UNKNOWN_KEY' | 'UNREADABLE_VALUE'): CodedError {
  const what =
    reason === 'UNKNOWN_KEY'
      ? 'is encrypted with a key that this process does not have'
      : 'was changed, or stands in another place than it was encrypted for';
  return new CodedError('INTERNAL_ERROR', `A stored value ${what}. Report it with the requestId.`, {
    reason,
    table: column.table,
    column: column.column,
  });
}
