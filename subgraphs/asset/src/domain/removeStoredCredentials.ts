import { encodeId } from '@tributary/contracts/ids';
import { sweepCredentials } from '@tributary/data';
import type { Database, SweptSlice, WorkspaceTransaction } from '@tributary/data';
import { withoutStoredCredentials } from '@tributary/kernel';
import { attributesBehind, replaceAttributes } from '../storage/credentialStatements.js';

const assetsPerSlice = 500;
const nil = '00000000-0000-0000-0000-000000000000';

/** Takes credentials out of the attributes of assets that were stored before imports left them out, in all workspaces. Answers how many. */
export function removeStoredCredentials(database: Database): Promise<number> {
  return sweepCredentials(database, {
    part: 'asset',
    what: 'attributes of assets',
    entityIdOf: (workspaceId) => encodeId('ws', workspaceId),
    sweep: sweepAttributes,
  });
}

async function sweepAttributes(transaction: WorkspaceTransaction, position: string): Promise<SweptSlice> {
  const rows = await transaction.query(attributesBehind(position === '' ? nil : position, assetsPerSlice));
  const cleaned = rows.map(({ id, attributes }) => ({ id, ...withoutStoredCredentials(attributes) }));
  const changed = cleaned.filter(({ removed }) => removed > 0);
  if (changed.length > 0)
    await transaction.query(
      replaceAttributes(
        changed.map(({ id }) => id),
        changed.map(({ record }) => JSON.stringify(record)),
      ),
    );
  return {
    rows: changed.length,
    values: changed.reduce((sum, { removed }) => sum + removed, 0),
    next: rows.length < assetsPerSlice ? null : rows.at(-1)!.id,
  };
}
