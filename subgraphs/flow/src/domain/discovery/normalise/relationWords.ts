import { dependencyKinds, type DependencyKind } from '@tributary/contracts/values';
import { toWords } from './words.js';

/** What a source's word for a relation says: the kind of our edge, and which of the two ends it starts at. */
export interface Relation {
  readonly kind: DependencyKind;
  /** The edge starts at the row's second end: a rack that contains a server is what the server is a part of. */
  readonly reversed: boolean;
}

/** ServiceNow's pairs, of which exports write both halves (`Runs on::Runs`), and single words. The first half is said of the first end. */
type Words = Readonly<Partial<Record<DependencyKind, readonly string[]>>>;
const forwards: Words = {
  runs_on: [
    'runs on',
    'running on',
    'virtualized by',
    'instantiated by',
    'installed on',
    'deployed on',
    'executed on',
    'located on',
  ],
  hosted_by: ['hosted on', 'hosted by', 'provided by', 'managed by', 'powered by', 'controlled by', 'registered on'],
  member_of: ['member of', 'cluster of', 'belongs to', 'in cluster'],
  part_of: [
    'part of',
    'contained by',
    'component of',
    'child of',
    'located in',
    'in rack',
    'owned by',
    'defined by',
    'allocated from',
  ],
  depends_on: [
    'depends on',
    'requires',
    'relies on',
    'consumes',
    'receives data from',
    'subscribes to',
    'impacted by',
    'needs',
  ],
  connected_to: [
    'connects to',
    'connected to',
    'connected by',
    'sends data to',
    'exchanges data with',
    'ip connection',
    'talks to',
    'cabled to',
    'linked to',
  ],
  uses: ['uses', 'use', 'accesses', 'calls', 'reads from', 'writes to', 'queries', 'uses service', 'stores data on'],
  backed_up_by: ['backed up by', 'backup on', 'replicated to', 'protected by', 'dr provided by'],
};
const backwards: Words = {
  runs_on: ['runs', 'virtualizes', 'instantiates', 'executes'],
  hosted_by: ['hosts', 'provides', 'manages', 'powers', 'controls'],
  member_of: ['members', 'has member', 'clusters'],
  part_of: ['contains', 'parent of', 'has component', 'owns', 'defines resources for', 'rack contains'],
  depends_on: ['used by', 'depended on by', 'required by', 'supports', 'impacts', 'sends data for', 'feeds'],
  connected_to: ['receives connection from'],
  uses: ['accessed by', 'called by', 'serves'],
  backed_up_by: ['backs up', 'provides backup for', 'protects'],
};

const relations = new Map<string, Relation>();
for (const kind of dependencyKinds) {
  for (const word of forwards[kind] ?? []) relations.set(word, { kind, reversed: false });
  for (const word of backwards[kind] ?? []) relations.set(word, { kind, reversed: true });
  if (forwards[kind]) relations.set(kind.replaceAll('_', ' '), { kind, reversed: false });
}

/** Null for words that are not known. */
export function readRelation(text: string): Relation | null {
  const [first = '', second = ''] = text.split('::').map((half) => toWords(half));
  const known = relations.get(first);
  if (known !== undefined) return known;
  const opposite = relations.get(second);
  return opposite === undefined ? null : { kind: opposite.kind, reversed: !opposite.reversed };
}
