import { encodeId } from '@tributary/contracts/ids';
import { sweepCredentials } from '@tributary/data';
import type { Database, SweptSlice, WorkspaceTransaction } from '@tributary/data';
import { holdsCredential, looksLikeCredential, removedCredential, withoutStoredCredentials } from '@tributary/kernel';
import type { AssetContent } from '../storage/assetContent.js';
import { assetsBehind } from '../storage/credentialStatements.js';
import { deleteTerms, insertTerms, updateAssets } from '../storage/inventoryStatements.js';
import { contentOnly } from './inventory/changeAsset.js';
import { distinctTags } from './inventory/mergeContent.js';
import { changedTerms, inOrder, toWrite } from './inventory/toWrite.js';
import { nameKeyOf } from './searchTerms.js';

const assetsPerSlice = 500;
const nil = '00000000-0000-0000-0000-000000000000';

/** Takes credentials out of the attributes, names and tags of assets that were stored before imports left them out, in all workspaces. Answers how many. */
export function removeStoredCredentials(database: Database): Promise<number> {
  return sweepCredentials(database, {
    part: 'asset',
    what: 'assets',
    entityIdOf: (workspaceId) => encodeId('ws', workspaceId),
    sweep: sweepAssets,
  });
}

async function sweepAssets(transaction: WorkspaceTransaction, position: string): Promise<SweptSlice> {
  const assets = await transaction.query(assetsBehind(position === '' ? nil : position, assetsPerSlice));
  const changed = assets.flatMap((asset) => {
    const { content, removed } = withoutCredentialsOf(asset);
    if (removed === 0) return [];
    // A key that was made of one is one.
    const isKeyKept = content.name === asset.name && content.externalId === asset.externalId;
    const known = {
      ...asset,
      sourceKey: isKeyKept ? asset.sourceKey : `removed:${asset.id}`,
      nameKey: nameKeyOf(content.name),
    };
    return [{ before: asset, row: toWrite(known, content), removed }];
  });
  if (changed.length > 0) await transaction.query(updateAssets(JSON.stringify(changed.map(({ row }) => row))));
  const terms = changed.map(({ before, row }) => changedTerms(before, row));
  const gone = inOrder(terms.flatMap((change) => change.gone));
  const added = inOrder(terms.flatMap((change) => change.added));
  if (gone.length > 0) await transaction.query(deleteTerms(gone));
  if (added.length > 0) await transaction.query(insertTerms(added));
  return {
    rows: changed.length,
    values: changed.reduce((sum, { removed }) => sum + removed, 0),
    next: assets.length < assetsPerSlice ? null : assets.at(-1)!.id,
  };
}

function withoutCredentialsOf(asset: AssetContent): { content: AssetContent; removed: number } {
  const { record: attributes, removed: inAttributes } = withoutStoredCredentials(asset.attributes);
  let removed = inAttributes;
  const safe = (value: string | null): string | null => {
    if (value === null || !looksLikeCredential(value)) return value;
    removed += 1;
    return null;
  };
  const tags = asset.tags.map((tag) => {
    if (tag === removedCredential || !holdsCredential(tag)) return tag;
    removed += 1;
    return removedCredential;
  });
  const content = {
    ...contentOnly(asset),
    name: safe(asset.name) ?? removedCredential,
    externalId: safe(asset.externalId),
    scope: safe(asset.scope),
    environment: safe(asset.environment),
    department: safe(asset.department),
    operatingSystem: safe(asset.operatingSystem),
    tags: distinctTags(tags),
    attributes,
  };
  return { content, removed };
}
