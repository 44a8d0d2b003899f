import type { Row } from '@tributary/data';
import type { WorkspaceCipher } from '@tributary/data/encryption';
import { rejectedMessage, rejectedRaw } from './encryptedColumns.js';

/** A row of table `rejected_row`. */
export interface RejectedRowRecord {
  readonly flowId: string;
  readonly line: number;
  readonly code: string;
  readonly message: string;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Reads the columns `flow_id, line, code, message, raw`. */
export function readRejectedRow(row: Row, cipher: WorkspaceCipher): RejectedRowRecord {
  const key = [row['flow_id'] as string, row['line'] as number] as const;
  return {
    flowId: key[0],
    line: key[1],
    code: row['code'] as string,
    message: cipher.open(rejectedMessage, key, row['message'] as string),
    raw: JSON.parse(cipher.open(rejectedRaw, key, row['raw'] as string)) as Record<string, unknown>,
  };
}
