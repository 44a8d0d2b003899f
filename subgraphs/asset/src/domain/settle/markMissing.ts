import type { RequestContext } from '@tributary/kernel';
import type { WorkspaceTransaction } from '@tributary/data';
import {
  absentAssets,
  absentOfSeveral,
  countMissing,
  lockAbsent,
  retireMissing,
  withdraw,
} from '../../storage/missingStatements.js';
import type { AbsentAsset } from '../../storage/missingStatements.js';
import { auditStatus } from '../auditStatus.js';

export interface Absences {
  readonly flowId: string;
  /** Ids under which the source spoke, and the flows by which it did before this one. */
  readonly sourceIds: readonly string[];
  readonly earlier: readonly string[];
  /** Complete imports after which what they do not show is retired. */
  readonly retireAfter: number;
}

export interface MarkedSlice {
  readonly missing: number;
  readonly retired: number;
  /** The last asset that was looked at; null when there is none behind it. */
  readonly last: AbsentAsset | null;
}

/** Assets that one slice looks at: each that is retired is an entry of the audit trail. */
const assetsPerSlice = 500;

/** Marks a slice of what the source showed before and does not show in this complete import; first what it saw last, then what others did. */
export async function markMissing(
  transaction: WorkspaceTransaction,
  context: RequestContext,
  absences: Absences,
  of: 'own' | 'several',
  after: AbsentAsset | null,
): Promise<MarkedSlice> {
  const { flowId, sourceIds, earlier, retireAfter } = absences;
  const absent = await transaction.query(
    of === 'own'
      ? absentAssets(flowId, earlier, after, assetsPerSlice)
      : absentOfSeveral(flowId, sourceIds, earlier, after, assetsPerSlice),
  );
  const last = absent.length < assetsPerSlice ? null : absent.at(-1)!;
  if (absent.length === 0) return { missing: 0, retired: 0, last };
  const held = await transaction.query(
    lockAbsent(
      flowId,
      absent.map(({ assetId }) => assetId),
    ),
  );
  await transaction.query(withdraw(sourceIds, held));
  const missing = await transaction.query(countMissing(flowId, held));
  const due = missing.filter(({ imports }) => imports >= retireAfter).map(({ assetId }) => assetId);
  const retired = due.length === 0 ? [] : await transaction.query(retireMissing(due));
  auditStatus(transaction, context, 'asset.retire', retired);
  return { missing: missing.length, retired: retired.length, last };
}
