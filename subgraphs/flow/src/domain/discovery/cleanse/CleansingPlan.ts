import type { AssetKind } from '@tributary/contracts/values';
import { readAssetKind } from '../normalise/assetKind.js';
import type { DateOrder } from '../normalise/date.js';
import { toWords } from '../normalise/words.js';
import { shortHash } from '../hashText.js';
import type { SourceProfile } from '../profile/SourceProfile.js';
import { findMappingTarget, type DependencyTarget, type TargetField } from '../mapping/mappingTargets.js';
import type { MappingDecision } from '../mapping/checkMappings.js';
import { hardwareColumns } from './hardwareKeys.js';
import { planAttribute, type AttributePlan } from './attributePlan.js';

/** What is known before the first row: which cell goes where, and what the source as a whole says about its rows. */
export interface CleansingPlan {
  /** Each row is an edge, not an asset. */
  readonly isConnections: boolean;
  /** Position of the column of each target that takes one. */
  readonly columnOf: Readonly<Partial<Record<TargetField, number>>>;
  /** Position of the column that may tell rows of one name apart; null when there is none, or a column is mapped to scope. */
  readonly scopeCandidate: number | null;
  /** Names, in lower case, that are told apart by that column. */
  readonly scopedNames: ReadonlySet<string>;
  /** Names, in lower case, that host name, address or kind tell apart. */
  readonly namesByMore: ReadonlySet<string>;
  /** Keys of ids that two or three names share, and of those that more do. */
  readonly idsOfSeveral: ReadonlySet<string>;
  readonly sharedIds: ReadonlySet<string>;
  /** Positions of serial numbers and UUIDs, and those of their keys that rows of several names share. */
  readonly hardwareColumns: readonly number[];
  readonly sharedHardware: ReadonlySet<string>;
  /** The name of the external id's column in lower case: part of its key. */
  readonly idColumn: string;
  readonly tagColumns: readonly { readonly index: number; readonly prefix: string }[];
  readonly dependencyColumns: readonly {
    readonly index: number;
    readonly field: DependencyTarget;
    /** What the other end must be, as a known source says. */
    readonly toKind: AssetKind | null;
  }[];
  /** The plan of each column that is mapped to nothing; null for mapped ones. By position. */
  readonly attributes: readonly (AttributePlan | null)[];
  readonly names: readonly string[];
  /** Which field names the asset when no column is mapped to name. */
  readonly nameStandIn: 'hostname' | 'externalId' | 'ipAddress';
  /** Whether the source is a known one, whose words for kinds mean what its definition says. */
  readonly isKnown: boolean;
  /** What all rows are, as the columns or the name of the source tell. */
  readonly kindHint: AssetKind | null;
  readonly dateOrders: Readonly<Partial<Record<'firstSeenAt' | 'lastSeenAt', DateOrder>>>;
  readonly sourceShape: string;
}

export interface PlanInput {
  readonly mappings: readonly MappingDecision[];
  readonly profile: SourceProfile;
  /** Name of the file or source; a hint for the kind, such as `virtual-machines.csv`. */
  readonly sourceName?: string;
}

export function planCleansing({ mappings, profile, sourceName }: PlanInput): CleansingPlan {
  const targets = new Map(mappings.map(({ sourceField, targetField }) => [sourceField, targetField]));
  const columnOf: Partial<Record<TargetField, number>> = {};
  const tagColumns: { index: number; prefix: string }[] = [];
  const dependencyColumns: { index: number; field: DependencyTarget; toKind: AssetKind | null }[] = [];
  const attributes: (AttributePlan | null)[] = [];
  const takenKeys = new Set(profile.columns.map(({ name }) => name));
  profile.columns.forEach((column, index) => {
    const target = findMappingTarget(targets.get(column.name) ?? '');
    if (target === null) {
      attributes.push(planAttribute(column, takenKeys));
      return;
    }
    attributes.push(null);
    if (target.field === 'tags')
      tagColumns.push({ index, prefix: column.known === null ? tagPrefix(column.name) : '' });
    else if (target.multiple)
      dependencyColumns.push({ index, field: target.field as DependencyTarget, toKind: column.known?.toKind ?? null });
    else columnOf[target.field] ??= index;
  });
  const names = profile.columns.map(({ name }) => name);
  const idIndex = columnOf.externalId;
  const dateOrders: { firstSeenAt?: DateOrder; lastSeenAt?: DateOrder } = {};
  for (const field of ['firstSeenAt', 'lastSeenAt'] as const) {
    const order = columnOf[field] === undefined ? null : profile.columns[columnOf[field]]!.dateOrder;
    if (order !== null) dateOrders[field] = order;
  }
  return {
    isConnections: columnOf['dependency.from'] !== undefined && columnOf['dependency.to'] !== undefined,
    columnOf,
    scopeCandidate: scopeCandidate(names, columnOf),
    scopedNames: new Set(profile.repeatedNames?.names),
    namesByMore: new Set(profile.repeatedNames?.byMore),
    idsOfSeveral: new Set(profile.repeatedNames?.ids),
    sharedIds: new Set(profile.repeatedNames?.sharedIds),
    hardwareColumns: hardwareColumns(names),
    sharedHardware: new Set(profile.repeatedNames?.sharedHardware),
    idColumn: idIndex === undefined ? '' : names[idIndex]!.toLowerCase(),
    tagColumns,
    dependencyColumns,
    attributes,
    names,
    nameStandIn: chooseStandIn(columnOf, profile),
    isKnown: profile.recognised !== null,
    kindHint: profile.recognised === null ? hintKind(names, columnOf, sourceName) : null,
    dateOrders,
    sourceShape: shapeOf(names),
  };
}

const scopeWords =
  /^(site|site name|location|namespace|domain|datacenter|data center|region|account|account id|subscription|project|tenant|cluster|vcenter|vi sdk server|standort|emplacement|ubicacion|sede|lokalizacja|拠点|機房|机房|위치|площадка)$/;

/** The column that says where a row is from, if there is one. */
export function scopeColumn(columns: readonly { readonly name: string }[]): string | null {
  return columns.find(({ name }) => scopeWords.test(toWords(name)))?.name ?? null;
}

function scopeCandidate(names: readonly string[], columnOf: CleansingPlan['columnOf']): number | null {
  if (columnOf.scope !== undefined) return null;
  const index = names.findIndex((name) => scopeWords.test(toWords(name)));
  return index === -1 ? null : index;
}

function tagPrefix(name: string): string {
  const match = /^(?:tags|labels|tag|label)\.(.+)$/i.exec(name);
  return match === null ? '' : `${match[1]}:`;
}

/** The fullest column, because a name should not change with what a row happens to hold; host names win ties. */
function chooseStandIn(columnOf: CleansingPlan['columnOf'], profile: SourceProfile): CleansingPlan['nameStandIn'] {
  let best: { field: CleansingPlan['nameStandIn']; filled: number } = { field: 'hostname', filled: -1 };
  for (const field of ['hostname', 'externalId', 'ipAddress'] as const) {
    const index = columnOf[field];
    const filled = index === undefined ? -1 : profile.columns[index]!.filled;
    if (filled > best.filled) best = { field, filled };
  }
  return best.field;
}

/** Nested JSON gains and loses paths from one export to the next, so only the top of each path counts. */
export function shapeOf(names: readonly string[]): string {
  return shortHash([...new Set(names.map((name) => name.split('.', 1)[0]!.toLowerCase()))].sort().join('\n'));
}

function hintKind(
  names: readonly string[],
  columnOf: CleansingPlan['columnOf'],
  sourceName: string | undefined,
): AssetKind | null {
  const words = new Set(names.map(toWords));
  const has = (...wanted: readonly string[]): boolean => wanted.some((word) => words.has(word));
  if (has('vm', 'vm id', 'vm name', 'vm uuid', 'vm type', 'properties.hardware profile.vm size', 'properties.vm id'))
    return 'VIRTUAL_MACHINE';
  if (has('instance id') && has('instance type', 'image id')) return 'VIRTUAL_MACHINE';
  if (has('vcpus', 'vcpu', 'v cpus', 'power state') && has('cluster', 'host', 'esx host', 'datastore', 'datacenter'))
    return 'VIRTUAL_MACHINE';
  const nameColumn = columnOf.name === undefined ? '' : toWords(names[columnOf.name]!);
  const fromNameColumn = /^(application|app|database|service|container|server) name$/.test(nameColumn)
    ? readAssetKind(nameColumn.split(' ', 1)[0]!)
    : null;
  return (
    fromNameColumn ??
    (sourceName === undefined ? null : readAssetKind(toWords(sourceName.replace(/\.[a-z]{2,5}$/i, ''))))
  );
}
