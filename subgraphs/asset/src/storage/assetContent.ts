import type { Row } from '@tributary/data';

/** What a source says of an asset. */
export interface AssetContent {
  readonly kind: string;
  readonly name: string;
  readonly externalId: string | null;
  readonly scope: string | null;
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
}

/** Its columns, from `asset a`. */
export const contentColumns = `a.kind, a.name, a.external_id, a.scope, a.status, a.environment, a.department, a.criticality, a.hostname,
  a.ip_address, a.operating_system, a.owner_email, a.tags, a.attributes`;

export function toAssetContent(row: Row): AssetContent {
  return {
    kind: row['kind'] as string,
    name: row['name'] as string,
    externalId: row['external_id'] as string | null,
    scope: row['scope'] as string | null,
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
  };
}
