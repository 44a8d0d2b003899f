import type { AssetRecord } from './assetRecord.js';

type Property = keyof AssetRecord;

/** What every reader of an asset needs, to show it in a list and to go on behind it. */
const always = {
  id: 'a.id',
  kind: 'a.kind',
  name: 'a.name',
  nameKey: 'a.name_key',
  status: 'a.status',
  criticality: 'a.criticality',
  version: 'a.version',
  firstSeenAt: 'a.created_at',
} as const satisfies Partial<Record<Property, string>>;

/**
 * What is read only when it is asked for. Groups and not single columns: each choice is a text that every connection prepares, and of three
 * groups a client can make eight.
 */
const groups = {
  details: {
    externalId: 'a.external_id',
    scope: 'a.scope',
    environment: 'a.environment',
    department: 'a.department',
    hostname: 'a.hostname',
    ipAddress: 'a.ip_address',
    operatingSystem: 'a.operating_system',
    ownerEmail: 'a.owner_email',
    tags: 'a.tags',
  },
  attributes: { attributes: 'a.attributes' },
  sighting: { lastSeenAt: 's.last_seen_at', discoveredByFlowId: 's.flow_id' },
} as const satisfies Record<string, Partial<Record<Property, string>>>;

export type AssetGroup = keyof typeof groups;
const groupNames = Object.keys(groups) as AssetGroup[];

/** An asset of which only some groups were read: what was not is left out. */
export type AssetPart = Pick<AssetRecord, keyof typeof always> & Partial<AssetRecord>;

/** Columns of `asset a` and `asset_sighting s`. There is one object for each choice of groups. */
export interface AssetColumns {
  /** Says which groups they are. */
  readonly key: string;
  readonly text: string;
  /** Property by column, as the rows come. */
  readonly properties: ReadonlyMap<string, string>;
  has(group: AssetGroup): boolean;
  with(group: AssetGroup): AssetColumns;
  /** Whether they are all that others are, or more. */
  cover(others: AssetColumns): boolean;
}

const made = new Map<string, AssetColumns>();

export function assetColumns(wanted: readonly AssetGroup[]): AssetColumns {
  const chosen = groupNames.filter((name) => wanted.includes(name));
  const key = chosen.join(' ');
  let columns = made.get(key);
  if (!columns) made.set(key, (columns = columnsOf(key, chosen)));
  return columns;
}

export const allColumns = assetColumns(groupNames);

function columnsOf(key: string, chosen: readonly AssetGroup[]): AssetColumns {
  const entries = [always, ...chosen.map((name) => groups[name])].flatMap((columns) => Object.entries<string>(columns));
  return {
    key,
    text: entries.map(([, column]) => column).join(', '),
    properties: new Map(entries.map(([property, column]) => [column.slice(2), property])),
    has: (group) => chosen.includes(group),
    with: (group) => assetColumns([...chosen, group]),
    cover: (others) => groupNames.every((name) => chosen.includes(name) || !others.has(name)),
  };
}
