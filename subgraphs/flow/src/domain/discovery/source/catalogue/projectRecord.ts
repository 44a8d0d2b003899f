import type { AssetKind, DependencyKind } from '@tributary/contracts/values';
import type { TargetField } from '../../mapping/mappingTargets.js';
import type { SourceValue } from '../../sourceRecord.js';
import { isScalar } from '../json/jsonValue.js';
import type { PathExpression, PathNode } from './PathExpression.js';
import type { EdgeRule, FieldRule, LeftOut, SourceDefinition, Take } from './SourceDefinition.js';

/** A column that a definition makes of a record, beside those that stay as they are. */
export interface ProjectedColumn {
  /** Where the value was found, as the definition writes it; unique in the definition. */
  readonly name: string;
  readonly target: TargetField;
  /** What the other end must be, for edges. */
  readonly toKind: AssetKind | null;
  readonly read: (node: PathNode) => SourceValue;
  /** Where it looks. */
  readonly paths: readonly PathExpression[];
  /** Whether it takes what is there as it is. */
  readonly isPlain: boolean;
  /** The plain path that it stands for whole, which needs no column of its own. */
  readonly consumes: string | null;
}

const targetOfEdge: Readonly<Record<DependencyKind, TargetField>> = {
  runs_on: 'dependency.runsOn',
  hosted_by: 'dependency.hostedBy',
  member_of: 'dependency.cluster',
  part_of: 'dependency.partOf',
  depends_on: 'dependency.dependsOn',
  connected_to: 'dependency.connectedTo',
  uses: 'dependency.uses',
  backed_up_by: 'dependency.backedUpBy',
  related_to: 'dependency.relatedTo',
};

/** What a definition reads out of each record of its source. `linked` are the edges of its list, by record. */
export function projectedColumns(definition: SourceDefinition, linked: LinkedNames | null): ProjectedColumn[] {
  const taken = new Set<string>();
  const unique = (name: string): string => {
    let free = name;
    for (let copy = 2; taken.has(free); copy += 1) free = `${name} (${copy})`;
    taken.add(free);
    return free;
  };
  const columns = [
    ...definition.fields.map((rule): ProjectedColumn => {
      const changes = rule.map !== null || rule.take !== null;
      const first = rule.from[0]?.text;
      return {
        name: unique(first === undefined ? `(${rule.target})` : changes ? `${first} (${rule.target})` : first),
        target: rule.target,
        toKind: null,
        read: (node) => readField(rule, node),
        paths: rule.from,
        isPlain: !changes,
        consumes: changes ? null : (rule.from[0]?.plain ?? null),
      };
    }),
    ...definition.edges.map((rule): ProjectedColumn => ({
      name: unique(rule.take === null ? rule.to[0]!.text : `${rule.to[0]!.text} (${rule.kind})`),
      target: targetOfEdge[rule.kind],
      toKind: rule.toKind as AssetKind | null,
      read: (node) => readEdge(rule, node),
      paths: rule.to,
      isPlain: rule.take === null,
      consumes: rule.take === null ? rule.to[0]!.plain : null,
    })),
  ];
  if (linked !== null && definition.links !== null) {
    columns.push({
      name: unique(definition.links.list.text),
      target: targetOfEdge[definition.links.kind],
      toKind: null,
      read: (node) => linked.of(node),
      paths: [definition.links.list],
      isPlain: false,
      consumes: null,
    });
  }
  return columns;
}

/** Whether a record is none of the assets that the definition is about. */
export function isLeftOut(node: PathNode, leaveOut: readonly LeftOut[]): boolean {
  return leaveOut.some(({ path, values, beginnings, endings }) =>
    path.values(node).some((value) => {
      if (!isScalar(value)) return false;
      const word = String(value).toLowerCase();
      return (
        values.has(word) ||
        beginnings.some((begin) => word.startsWith(begin)) ||
        endings.some((end) => word.endsWith(end))
      );
    }),
  );
}

/** Edges that stand in a list of their own, such as `dependencies` of CycloneDX: ids, told as names. */
export class LinkedNames {
  private readonly names = new Map<string, string>();
  private readonly targets = new Map<string, string[]>();

  constructor(
    private readonly links: NonNullable<SourceDefinition['links']>,
    root: PathNode,
    records: readonly PathNode[],
    nameOf: (node: PathNode) => SourceValue,
  ) {
    for (const record of records) {
      const [id] = links.by.values(record);
      const name = nameOf(record);
      if (typeof id === 'string' && typeof name === 'string') this.names.set(id, name);
    }
    for (const link of links.list.nodes(root)) {
      const [from] = links.from.values(link);
      if (typeof from !== 'string') continue;
      const to = links.to
        .flatMap((path) => path.values(link))
        .filter((value): value is string => typeof value === 'string');
      this.targets.set(from, [...(this.targets.get(from) ?? []), ...to]);
    }
  }

  of(node: PathNode): SourceValue {
    const [id] = this.links.by.values(node);
    const targets = typeof id === 'string' ? (this.targets.get(id) ?? []) : [];
    const names = targets.map((target) => this.names.get(target) ?? target);
    return names.length === 0 ? null : names;
  }
}

function readField(rule: FieldRule, node: PathNode): SourceValue {
  if (rule.from.length === 0) return rule.always;
  const raw = rule.target === 'tags' ? allValues(rule.from, node) : oneOf(firstValue(rule.from, node), rule.target);
  const value = rule.take === null ? raw : taken(raw, rule.take);
  if (rule.map === null) return value ?? rule.always;
  const word = value === null || value === undefined || typeof value === 'object' ? null : String(value);
  if (word === null) return rule.always;
  return rule.map.get(word.toLowerCase()) ?? rule.otherwise ?? value;
}

/** Of several names, the first: only addresses and tags come in lists. */
function oneOf(value: SourceValue, target: TargetField): SourceValue {
  return Array.isArray(value) && target !== 'ipAddress' && target !== 'tags' ? (value as readonly string[])[0] : value;
}

function readEdge(rule: EdgeRule, node: PathNode): SourceValue {
  const value = firstValue(rule.to, node);
  return rule.take === null ? value : taken(value, rule.take);
}

/** Labels may stand in several places. */
function allValues(paths: readonly PathExpression[], node: PathNode): SourceValue {
  const values = paths.flatMap((path) => firstValue([path], node) ?? []) as string[];
  return values.length === 0 ? null : values;
}

/** The first path that has something; several things come as a list. */
function firstValue(paths: readonly PathExpression[], node: PathNode): SourceValue {
  for (const path of paths) {
    const values = path.values(node);
    const scalars = values
      .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
      .flatMap(scalarOf);
    if (scalars.length === 1 && values.length === 1) return scalars[0];
    if (scalars.length > 0) return scalars;
  }
  return null;
}

/** Maps of labels come as `key:value`. */
function scalarOf(value: unknown): (string | number | boolean)[] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value !== 'object') return [value as string | number | boolean];
  if (Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' ? [] : [`${key}:${String(inner as string)}`],
  );
}

function taken(value: SourceValue, take: Take): SourceValue {
  if (Array.isArray(value)) return value.map((item) => taken(item as string, take) as string);
  if (typeof value !== 'string') return value;
  if (take === 'afterLastSlash') return value.slice(value.lastIndexOf('/') + 1);
  if (take === 'beforeColon') return value.split(':', 1)[0];
  if (take === 'firstLabel') return value.split('.', 1)[0];
  return value.includes('.') ? value.slice(value.indexOf('.') + 1) : null;
}
