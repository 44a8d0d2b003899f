import { listWorkspaces } from '@tributary/data';
import { countStale, rotateColumn } from '@tributary/data/encryption';
import { deliveryEncryptedColumns } from '@tributary/subgraph-delivery';
import { flowEncryptedColumns } from '@tributary/subgraph-flow';
import type { Tenants } from './openTenants.js';

export interface Rotation {
  readonly resealed: number;
  /** Values that another key has sealed since, or none. */
  readonly left: number;
}

/** Goes over the encrypted columns of every workspace until only the current key is in use. */
export async function rotateKeys(
  adminUrl: string,
  { database, keyring }: Omit<Tenants, typeof Symbol.asyncDispose>,
  onProgress: (rows: number) => void = () => undefined,
): Promise<Rotation> {
  const workspaces = await listWorkspaces(adminUrl);
  const { currentPattern } = keyring;
  let resealed = 0;
  let left = 0;
  const each = async (work: (options: Parameters<typeof rotateColumn>[0]) => Promise<void>) => {
    for (const workspaceId of workspaces) {
      for (const column of [...flowEncryptedColumns, ...deliveryEncryptedColumns])
        await work({ database, workspaceId, column, currentPattern, onProgress });
    }
  };
  await each(async (options) => {
    resealed += await rotateColumn(options);
  });
  await each(async (options) => {
    left += await countStale(options);
  });
  return { resealed, left };
}
