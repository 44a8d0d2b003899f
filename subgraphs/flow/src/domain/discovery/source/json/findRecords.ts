import { isObject, type JsonObject } from './jsonValue.js';

/** Where the records of parsed documents are. */
export interface FoundRecords {
  readonly records: readonly unknown[];
  /** How one gets there, for the report: `Reservations[].Instances[]`. */
  readonly path: string;
  /** Other lists of records, which are not read. */
  readonly others: readonly { readonly path: string; readonly count: number }[];
  /** Whether another list could as well be meant, or the lists are the parts of one thing that nothing names. */
  readonly isInDoubt: boolean;
}

/** The field that a map's keys become. */
const keyField = '@key';

const nameKeys = new Set([
  'name',
  'id',
  'hostname',
  'host',
  'fqdn',
  'instanceid',
  'device',
  'vm',
  'displayname',
  'uuid',
  'computername',
  'computer_name',
  'resourceid',
  'arn',
]);
/** Lists inside a record that are its parts, not records of their own. */
const partKeys =
  /^(tags?|labels?|groups?|interfaces?|networks?|disks?|volumes?|mounts?|ports?|addresses|ips|dependencies|depends_?on|relationships|software|packages|users|columns|errors|warnings|messages|links|securitygroups|conditions|containers|metadata)$/i;
const preferredKeys =
  /^(items|data|values?|results?|records|rows|assets|resources|instances|devices|hosts|servers|machines|virtualmachines|vms|entries|elements|objects|nodes|list|components|inventory)$/i;
const maxDepth = 6;
/** A document of so many lists beside the chosen one is about one thing, whose details they are. */
const partsOfOne = 3;

interface Candidate {
  readonly records: readonly unknown[];
  readonly path: string;
  readonly score: number;
}

/**
 * The records are where objects of one shape repeat, in a list or as a map by name, nearest to the top; or the documents themselves.
 * Pages of one reply, one behind the other, are read as one list.
 */
export function findRecords(documents: readonly unknown[]): FoundRecords {
  const found = findOuterRecords(documents);
  return { ...found, records: found.records.flatMap((record) => nestedInstances(record) ?? [record]) };
}

function findOuterRecords(documents: readonly unknown[]): FoundRecords {
  const [first] = documents;
  if (documents.length > 1) {
    const pages = documents.map((document) => findInDocument(document));
    const [page] = pages;
    const same = pages.every(({ path }) => path === page!.path);
    if (same && page!.path !== '')
      return { records: pages.flatMap(({ records }) => records), path: page!.path, others: [], isInDoubt: false };
    if (documents.every(Array.isArray)) return { records: documents.flat(), path: '[]', others: [], isInDoubt: false };
    return { records: documents, path: '', others: [], isInDoubt: false };
  }
  return findInDocument(first);
}

function findInDocument(document: unknown): FoundRecords {
  if (Array.isArray(document)) return { records: flatten(document), path: '[]', others: [], isInDoubt: false };
  if (!isObject(document)) return { records: [document], path: '', others: [], isInDoubt: false };
  const candidates: Candidate[] = [];
  collect(document, '', 0, candidates);
  candidates.sort((left, right) => right.score - left.score);
  const [best] = candidates;
  const isEmptyList = Object.entries(document).some(
    ([key, inner]) => preferredKeys.test(key) && Array.isArray(inner) && inner.length === 0,
  );
  if (best === undefined && isEmptyList && !isRecord(document))
    return { records: [], path: '', others: [], isInDoubt: false };
  if (best === undefined || isRecord(document) || (isNamedThing(document) && best.score < 1))
    return { records: [document], path: '', others: [], isInDoubt: false };
  const others = candidates
    .slice(1)
    .filter(({ path }) => !path.startsWith(best.path))
    .map(({ path, records }) => ({ path, count: records.length }));
  const rivals = candidates.filter(({ path, score }) => !path.startsWith(best.path) && score > best.score - 1);
  return {
    records: best.records,
    path: best.path,
    others,
    isInDoubt: rivals.length > 0 || others.length >= partsOfOne,
  };
}

function collect(value: JsonObject, path: string, depth: number, found: Candidate[]): void {
  if (depth > maxDepth) return;
  const map = path === '' || !isRecord(value) ? mapOfObjects(value) : null;
  if (map !== null)
    found.push({ records: map, path: path === '' ? '*' : `${path}.*`, score: scoreOf(map, '*', depth) + 1 });
  for (const [key, inner] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (Array.isArray(inner)) {
      const objects = inner.filter(isObject);
      if (objects.length === 0 || objects.length < inner.length / 2) continue;
      const nested = nestedLists(objects, at);
      if (nested !== null) found.push(nested);
      found.push({ records: inner, path: `${at}[]`, score: scoreOf(objects, key, depth) });
    } else if (isObject(inner)) {
      collect(inner, at, depth + 1, found);
    }
  }
}

/** Nearer to the top, called like a list of records, with names, and many. */
function scoreOf(objects: readonly unknown[], key: string, depth: number): number {
  const named = objects.filter((object) => isObject(object) && isNamed(object)).length / objects.length;
  const word = preferredKeys.test(key) ? 2 : partKeys.test(key) ? -4 : 0;
  return named * 3 + word + Math.min(2, Math.log10(objects.length + 1)) - depth * 0.8;
}

/** `Reservations[].Instances[]`: lists that hold nothing of their own but a list of what is looked for. */
function nestedLists(objects: readonly JsonObject[], path: string): Candidate | null {
  if (objects.some((object) => isNamed(object))) return null;
  const keys = Object.keys(objects[0]!).filter((key) => !partKeys.test(key));
  const key = keys.find((each) =>
    objects.every(
      (object) => Array.isArray(object[each]) && (object[each] as unknown[]).some((item) => isObject(item)),
    ),
  );
  if (key === undefined) return null;
  const records = objects.flatMap((object) => object[key] as unknown[]);
  return { records, path: `${path}[].${key}[]`, score: scoreOf(records, key, 0) + 0.5 };
}

/** A map by name: several objects that share most of their fields. */
function mapOfObjects(value: JsonObject): JsonObject[] | null {
  const entries = Object.entries(value);
  if (entries.length < 2 || !entries.every(([, inner]) => isObject(inner))) return null;
  if (entries.some(([key]) => preferredKeys.test(key) || partKeys.test(key))) return null;
  const sizes = new Map<string, number>();
  for (const [, inner] of entries)
    for (const key of Object.keys(inner as JsonObject)) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  const shared = [...sizes.values()].filter((count) => count >= entries.length * 0.6).length;
  if (shared === 0 || shared < sizes.size * 0.4) return null;
  return entries.map(([key, inner]) => ({ [keyField]: key, ...(inner as JsonObject) }));
}

/** An object that says who it is itself: a reply about one thing, not a wrapper around many. */
function isRecord(value: JsonObject): boolean {
  const scalars = Object.values(value).filter((inner) => inner !== null && typeof inner !== 'object').length;
  return (
    scalars >= 2 &&
    Object.entries(value).some(
      ([key, inner]) =>
        /^(name|hostname|host_?name|fqdn|computer_?name|instance_?id|display_?name|vm_?name|device_?name)$/i.test(
          key,
        ) &&
        typeof inner === 'string' &&
        inner !== '',
    )
  );
}

/** Has a name, whatever else it has: its lists may be its parts. */
function isNamedThing(value: JsonObject): boolean {
  return typeof value['name'] === 'string' || typeof value['Name'] === 'string';
}

function isNamed(value: JsonObject): boolean {
  return Object.keys(value).some((key) => {
    const lower = key.toLowerCase();
    return nameKeys.has(lower) || /(name|identifier|_id|hostname)$/.test(lower) || /[a-z]I[dD]$/.test(key);
  });
}

function flatten(items: readonly unknown[]): unknown[] {
  return items.flatMap((item) =>
    Array.isArray(item) && item.every((inner) => isObject(inner)) ? (item as unknown[]) : [item],
  );
}

/** DescribeInstances answers reservations, each with its instances: the instances are the records. */
export function nestedInstances(value: unknown): readonly unknown[] | null {
  if (
    typeof value !== 'object' ||
    value === null ||
    !('Instances' in value) ||
    !('ReservationId' in value || 'OwnerId' in value || 'Groups' in value)
  )
    return null;
  return Array.isArray(value.Instances) ? (value.Instances as unknown[]) : null;
}
