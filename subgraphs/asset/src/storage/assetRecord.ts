import type { Row } from '@tributary/data';

/** An asset as readers know it: its row and its last sighting. */
export interface AssetRecord {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly nameKey: string;
  readonly externalId: string | null;
  readonly status: string;
  readonly environment: string | null;
  readonly department: string | null;
  readonly criticality: string;
  readonly hostname: string | null;
  readonly ipAddress: string | null;
  readonly operatingSystem: string | null;
  readonly ownerEmail: string | null;
  readonly tags: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly version: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** Bare uuid. */
  readonly discoveredByFlowId: string | null;
}

/** Columns of a record, from `asset a` joined with `asset_sighting s`. */
export const recordColumns = `a.id, a.kind, a.name, a.name_key, a.external_id, a.status, a.environment, a.department, a.criticality,
  a.hostname, a.ip_address, a.operating_system, a.owner_email, a.tags, a.attributes, a.version, a.created_at,
  s.last_seen_at, s.flow_id`;

/** The join that `recordColumns` reads from; its first condition is the workspace. */
export const recordTables = `asset a join asset_sighting s on s.workspace_id = $1 and s.asset_id = a.id`;

export function toAssetRecord(row: Row): AssetRecord {
  return {
    id: row['id'] as string,
    kind: row['kind'] as string,
    name: row['name'] as string,
    nameKey: row['name_key'] as string,
    externalId: row['external_id'] as string | null,
    status: row['status'] as string,
    environment: row['environment'] as string | null,
    department: row['department'] as string | null,
    criticality: row['criticality'] as string,
    hostname: row['hostname'] as string | null,
    ipAddress: row['ip_address'] as string | null,
    operatingSystem: row['operating_system'] as string | null,
    ownerEmail: row['owner_email'] as string | null,
    tags: row['tags'] as string[],
    attributes: row['attributes'] as Record<string, unknown>,
    version: row['version'] as number,
    firstSeenAt: row['created_at'] as Date,
    lastSeenAt: row['last_seen_at'] as Date,
    discoveredByFlowId: row['flow_id'] as string | null,
  };
}
