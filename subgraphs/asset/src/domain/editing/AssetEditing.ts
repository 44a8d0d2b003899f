import { CodedError } from '@tributary/contracts/errors';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import { maskEmail } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { mutate } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database, MutationInput, Patch, WorkspaceTransaction } from '@tributary/data';
import { AssetRow } from '../../storage/AssetRow.js';
import { allColumns } from '../../storage/assetColumns.js';
import type { AssetPart } from '../../storage/assetColumns.js';
import { assetsByIds } from '../../storage/assetStatements.js';
import { joinTerms } from '../../storage/searchText.js';
import { deleteTerms, insertTerms } from '../../storage/inventoryStatements.js';
import { changedTerms, otherNames } from '../inventory/toWrite.js';
import { nameKeyOf, termsOf } from '../searchTerms.js';
import { readPatch } from './readPatch.js';
import type { AssetPatch, SoundPatch } from './readPatch.js';

export interface AssetChange extends MutationInput {
  /** Public id. */
  readonly id: string;
  /** The version that the caller decided upon. */
  readonly version: number;
}

/** Changes that people make. What they set is theirs: later discoveries leave it (docs/decisions/0020). */
export class AssetEditing {
  constructor(private readonly database: Database) {}

  /** Throws RESOURCE_NOT_FOUND, RESOURCE_CONFLICT for another version, INVALID_INPUT for values that a field does not take. */
  update(context: RequestContext, input: AssetChange & AssetPatch): Promise<AssetPart> {
    const patch = readPatch(input);
    return mutate(this.database, context, { field: 'updateAsset', input }, (transaction) =>
      change(transaction, context, input, 'asset.update', patch),
    );
  }

  /** Retiring what is retired already changes nothing. Throws RESOURCE_NOT_FOUND, RESOURCE_CONFLICT for another version. */
  retire(context: RequestContext, input: AssetChange): Promise<AssetPart> {
    return mutate(this.database, context, { field: 'retireAsset', input }, (transaction) =>
      change(transaction, context, input, 'asset.retire', { status: 'RETIRED' }),
    );
  }
}

type Change = SoundPatch & { status?: 'RETIRED' };

async function change(
  transaction: WorkspaceTransaction,
  context: RequestContext,
  target: AssetChange,
  action: 'asset.update' | 'asset.retire',
  wanted: Change,
): Promise<AssetPart> {
  const assets = transaction.repository(AssetRow);
  const id = uuidOf('asset', target.id);
  const before = id === null ? null : await assets.findById('asset.lock', id, { lock: true });
  if (!before)
    throw new CodedError('RESOURCE_NOT_FOUND', 'This asset does not exist in this workspace.', { id: target.id });
  if (before.version !== target.version) {
    throw new CodedError('RESOURCE_CONFLICT', 'This asset has changed since it was read. Read it again, then decide.', {
      reason: 'VERSION',
      expected: target.version,
      actual: before.version,
    });
  }
  const isRetired =
    wanted.status !== undefined && before.status === wanted.status && before.editedFields.includes('status');
  const fields = isRetired ? [] : (Object.keys(wanted) as (keyof Change)[]);
  if (fields.length > 0) {
    const changed = { ...before, ...wanted };
    const after = { ...changed, searchText: joinTerms(termsOf(changed)) };
    await assets.update('asset.update', before.id, rowPatch(before, after, wanted, fields));
    await changeTerms(transaction, before, after);
    audit(transaction, {
      actor: context.principal.actor,
      action,
      entityType: 'Asset',
      entityId: encodeId('asset', before.id),
      before: factsOf(before, fields),
      after: factsOf(after, fields),
      requestId: context.requestId,
    });
  }
  return (await transaction.queryOne(assetsByIds(allColumns, [before.id])))!;
}

function rowPatch(
  before: AssetRow,
  after: AssetRow,
  wanted: Change,
  fields: readonly (keyof Change)[],
): Patch<AssetRow> {
  const nameKey = nameKeyOf(after.name);
  return {
    ...wanted,
    searchText: after.searchText,
    ...(wanted.name === undefined ? {} : { nameKey, ...otherNames(nameKey, after) }),
    editedFields: [...new Set([...before.editedFields, ...fields])],
  };
}

async function changeTerms(transaction: WorkspaceTransaction, before: AssetRow, after: AssetRow): Promise<void> {
  const { added, gone } = changedTerms(before, after);
  if (gone.length > 0) await transaction.query(deleteTerms(gone));
  if (added.length > 0) await transaction.query(insertTerms(added));
}

/** The audit trail says that an address changed, not to which: whoever may read the trail may not read all addresses. */
function factsOf(asset: AssetRow, fields: readonly (keyof Change)[]): Record<string, unknown> {
  const facts = fields.map((field) => [field, asset[field]] as const);
  return Object.fromEntries(
    facts.map(([field, value]) => [
      field,
      field === 'ownerEmail' && typeof value === 'string' ? maskEmail(value) : value,
    ]),
  );
}
