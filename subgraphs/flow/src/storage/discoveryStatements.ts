import type { MappingStatus, SourceFormat } from '@tributary/contracts/values';
import { bulkInsert, sql } from '@tributary/data';
import type { Statement, WorkspaceTransaction } from '@tributary/data';
import { rejectedMessage, rejectedRaw, sourceContent, sourceProfile } from './encryptedColumns.js';
import { FieldMappingRow } from './FieldMappingRow.js';
import type { RejectedRowRecord } from './RejectedRowRecord.js';

/** Counts of a discovery, each as it stands (not what was added): writing them again changes nothing. They never go down. */
export interface DiscoveryCounts {
  readonly rowsTotal?: number;
  readonly rowsValid?: number;
  readonly rowsRejected?: number;
  readonly assetsCreated?: number;
  readonly assetsUpdated?: number;
  readonly dependenciesFound?: number;
}

export async function writeCounts(
  transaction: WorkspaceTransaction,
  flowId: string,
  counts: DiscoveryCounts,
): Promise<void> {
  await transaction.query(
    sql(
      'discovery.writeCounts',
      `update discovery_flow set
         rows_total = greatest(rows_total, $3), rows_valid = greatest(rows_valid, $4), rows_rejected = greatest(rows_rejected, $5),
         assets_created = greatest(assets_created, $6), assets_updated = greatest(assets_updated, $7),
         dependencies_found = greatest(dependencies_found, $8), updated_at = now()
       where workspace_id = $1 and flow_id = $2`,
      [
        flowId,
        counts.rowsTotal ?? 0,
        counts.rowsValid ?? 0,
        counts.rowsRejected ?? 0,
        counts.assetsCreated ?? 0,
        counts.assetsUpdated ?? 0,
        counts.dependenciesFound ?? 0,
      ],
    ),
  );
}

/** With it goes the format that was found. */
export async function writeProfile(
  transaction: WorkspaceTransaction,
  flowId: string,
  profile: { readonly format: SourceFormat },
): Promise<void> {
  await transaction.query(
    sql(
      'discovery.writeProfile',
      'update discovery_flow set profile = $3, source_format = $4, updated_at = now() where workspace_id = $1 and flow_id = $2',
      [flowId, transaction.cipher.seal(sourceProfile, [flowId], JSON.stringify(profile)), profile.format],
    ),
  );
}

export function readProfile(flowId: string): Statement<unknown> {
  return sql(
    'discovery.readProfile',
    'select profile from discovery_flow where workspace_id = $1 and flow_id = $2',
    [flowId],
    (row, cipher) =>
      row['profile'] === null
        ? null
        : (JSON.parse(cipher.open(sourceProfile, [flowId], row['profile'] as string)) as unknown),
  );
}

/** Of the flows whose import has ended. */
export function profilesOf(flowIds: readonly string[]): Statement<{ flowId: string; profile: unknown }> {
  return sql(
    'discovery.profilesOf',
    'select flow_id, profile from discovery_flow where workspace_id = $1 and flow_id = any($2::uuid[]) and profile is not null',
    [flowIds],
    (row, cipher) => {
      const flowId = row['flow_id'] as string;
      return { flowId, profile: JSON.parse(cipher.open(sourceProfile, [flowId], row['profile'] as string)) as unknown };
    },
  );
}

export async function insertSource(transaction: WorkspaceTransaction, flowId: string, content: string): Promise<void> {
  await transaction.query(
    sql('discovery.insertSource', 'insert into discovery_source (workspace_id, flow_id, content) values ($1, $2, $3)', [
      flowId,
      transaction.cipher.seal(sourceContent, [flowId], content),
    ]),
  );
}

/** A source that was handed over inside the mutation. */
export function readSource(flowId: string): Statement<string> {
  return sql(
    'discovery.readSource',
    'select content from discovery_source where workspace_id = $1 and flow_id = $2',
    [flowId],
    (row, cipher) => cipher.open(sourceContent, [flowId], row['content'] as string),
  );
}

/** Rows that are there already stay as they are: a phase that starts again rejects the same rows. */
export async function insertRejectedRows(
  transaction: WorkspaceTransaction,
  flowId: string,
  rows: readonly Omit<RejectedRowRecord, 'flowId'>[],
): Promise<void> {
  if (rows.length === 0) return;
  const { cipher } = transaction;
  const { text, values } = bulkInsert({
    into: 'rejected_row',
    entries: rows,
    shared: { flow_id: ['uuid', flowId] },
    columns: {
      line: { type: 'integer', of: (row) => row.line },
      code: { type: 'text', of: (row) => row.code },
      message: { type: 'text', of: (row) => cipher.seal(rejectedMessage, [flowId, row.line], row.message) },
      raw: { type: 'text', of: (row) => cipher.seal(rejectedRaw, [flowId, row.line], JSON.stringify(row.raw)) },
    },
    behind: 'on conflict do nothing',
  });
  await transaction.query(sql('discovery.insertRejectedRows', text, values));
}

export interface NewMapping {
  readonly sourceField: string;
  readonly targetField: string | null;
  readonly confidence: number;
  readonly status: MappingStatus;
  readonly reason: string;
}

/** Takes the place of all mappings of the flow; the order is the source's. */
export async function replaceMappings(
  transaction: WorkspaceTransaction,
  flowId: string,
  mappings: readonly NewMapping[],
): Promise<void> {
  await transaction.query(
    sql('discovery.clearMappings', 'delete from field_mapping where workspace_id = $1 and flow_id = $2', [flowId]),
  );
  const { text, values } = bulkInsert({
    into: 'field_mapping',
    entries: mappings,
    shared: { flow_id: ['uuid', flowId] },
    columns: {
      ordinal: { type: 'integer', of: (_, index) => index },
      source_field: { type: 'text', of: (mapping) => mapping.sourceField },
      target_field: { type: 'text', of: (mapping) => mapping.targetField },
      confidence: { type: 'float8', of: (mapping) => mapping.confidence },
      status: { type: 'text', of: (mapping) => mapping.status },
      reason: { type: 'text', of: (mapping) => mapping.reason },
    },
  });
  await transaction.query(sql('discovery.insertMappings', text, values));
}

export function readMappings(transaction: WorkspaceTransaction, flowId: string): Promise<FieldMappingRow[]> {
  return transaction
    .repository(FieldMappingRow)
    .find('discovery.readMappings', (query) =>
      query.andWhere('row.flowId = :flowId', { flowId }).orderBy('row.ordinal'),
    );
}

/** Lets go of a source that was handed over inside the mutation. */
export async function deleteSource(transaction: WorkspaceTransaction, flowId: string): Promise<void> {
  await transaction.query(
    sql('discovery.deleteSource', 'delete from discovery_source where workspace_id = $1 and flow_id = $2', [flowId]),
  );
}
