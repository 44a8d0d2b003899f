import { encodeId } from '@tributary/contracts/ids';
import { sweepCredentials } from '@tributary/data';
import type { Database, SweptSlice, WorkspaceTransaction } from '@tributary/data';
import {
  holdsCredential,
  isCredentialName,
  isCredentialValue,
  looksLikeCredential,
  removedCredential,
  withoutStoredCredentials,
} from '@tributary/kernel';
import {
  profilesBehind,
  rejectedRowsBehind,
  replaceProfiles,
  replaceRejectedRows,
} from '../../storage/credentialStatements.js';
import { rejectedMessage, rejectedRaw, sourceProfile } from '../../storage/encryptedColumns.js';
import type { SourceProfile } from './profile/SourceProfile.js';

const rowsPerSlice = 500;
const profilesPerSlice = 50;
/** Begins the positions behind the last rejected row. */
const profilesStage = 'profiles ';
const nil = '00000000-0000-0000-0000-000000000000';

/** Takes credentials out of rejected rows and of the samples of columns that were stored before imports left them out, in all workspaces. Answers how many. */
export function removeStoredCredentials(database: Database): Promise<number> {
  return sweepCredentials(database, {
    part: 'flow',
    what: 'rejected rows and samples of columns',
    entityIdOf: (workspaceId) => encodeId('ws', workspaceId),
    sweep: (transaction, position) =>
      position.startsWith(profilesStage)
        ? sweepProfiles(transaction, position.slice(profilesStage.length))
        : sweepRejectedRows(transaction, position),
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
    next: rows.length < rowsPerSlice ? `${profilesStage}${nil}` : `${last!.flowId} ${last!.line}`,
  };
}

async function sweepProfiles(transaction: WorkspaceTransaction, after: string): Promise<SweptSlice> {
  const rows = await transaction.query(profilesBehind(after, profilesPerSlice));
  const changed = rows.flatMap(({ flowId, profile }) => {
    const clean = withoutSamples(profile as SourceProfile);
    return clean.removed === 0 ? [] : [{ flowId, ...clean }];
  });
  const { cipher } = transaction;
  if (changed.length > 0)
    await transaction.query(
      replaceProfiles(
        changed.map(({ flowId }) => flowId),
        changed.map(({ flowId, profile }) => cipher.seal(sourceProfile, [flowId], JSON.stringify(profile))),
      ),
    );
  return {
    rows: changed.length,
    values: changed.reduce((sum, { removed }) => sum + removed, 0),
    next: rows.length < profilesPerSlice ? null : `${profilesStage}${rows.at(-1)!.flowId}`,
  };
}

function withoutSamples(profile: SourceProfile): { profile: SourceProfile; removed: number } {
  let removed = 0;
  const columns = profile.columns.map((column) => {
    const isByName = isCredentialName(column.name);
    const samples = column.samples.map((sample) => {
      const isOne = isByName ? isCredentialValue(sample) : holdsCredential(sample);
      if (!isOne || sample === removedCredential) return sample;
      removed += 1;
      return removedCredential;
    });
    return { ...column, samples };
  });
  return { profile: { ...profile, columns }, removed };
}
