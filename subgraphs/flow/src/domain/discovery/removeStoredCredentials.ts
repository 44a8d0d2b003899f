import { encodeId } from '@tributary/contracts/ids';
import { sweepCredentials } from '@tributary/data';
import type { Database, SweptSlice, WorkspaceTransaction } from '@tributary/data';
import { looksLikeCredential, removedCredential, withoutStoredCredentials } from '@tributary/kernel';
import { rejectedRowsBehind, replaceRejectedRows } from '../../storage/credentialStatements.js';
import { rejectedMessage, rejectedRaw } from '../../storage/encryptedColumns.js';

const rowsPerSlice = 500;
const nil = '00000000-0000-0000-0000-000000000000';

/** Takes credentials out of rejected rows that were stored before imports left them out, in all workspaces. Answers how many. */
export function removeStoredCredentials(database: Database): Promise<number> {
  return sweepCredentials(database, {
    part: 'flow',
    what: 'rejected rows',
    entityIdOf: (workspaceId) => encodeId('ws', workspaceId),
    sweep: sweepRejectedRows,
  });
}

async function sweepRejectedRows(transaction: WorkspaceTransaction, position: string): Promise<SweptSlice> {
  const [flowId = nil, line = '0'] = position === '' ? [] : position.split(' ');
  const rows = await transaction.query(rejectedRowsBehind(flowId, Number(line), rowsPerSlice));
  const changed = rows.flatMap((row) => {
    const { record, removed } = withoutStoredCredentials(row.raw);
    const isInMessage = looksLikeCredential(row.message);
    const count = removed + (isInMessage ? 1 : 0);
    return count === 0 ? [] : [{ ...row, raw: record, message: isInMessage ? removedCredential : row.message, count }];
  });
  const { cipher } = transaction;
  if (changed.length > 0)
    await transaction.query(
      replaceRejectedRows(
        changed.map((row) => row.flowId),
        changed.map((row) => row.line),
        changed.map((row) => cipher.seal(rejectedMessage, [row.flowId, row.line], row.message)),
        changed.map((row) => cipher.seal(rejectedRaw, [row.flowId, row.line], JSON.stringify(row.raw))),
      ),
    );
  const last = rows.at(-1);
  return {
    rows: changed.length,
    values: changed.reduce((sum, { count }) => sum + count, 0),
    next: rows.length < rowsPerSlice ? null : `${last!.flowId} ${last!.line}`,
  };
}
