import { excerpt } from '../../rejectRow.js';
import type { KnownSource } from '../../sourceRecord.js';
import { rootOf, type PathNode } from '../catalogue/PathExpression.js';
import { LinkedNames, projectedColumns, type ProjectedColumn } from '../catalogue/projectRecord.js';
import { recogniseDocument, recogniseRecords, type Recognised } from '../catalogue/recogniseSource.js';
import type { SourceDefinition } from '../catalogue/SourceDefinition.js';
import type { SourceNotes } from '../SourceNotes.js';
import { findRecords } from './findRecords.js';

export interface TreeOptions {
  readonly definitions: readonly SourceDefinition[];
  readonly notes: SourceNotes;
}

/** How the records of a known source become columns. */
export interface TreeProjection {
  readonly definition: SourceDefinition;
  readonly columns: readonly ProjectedColumn[];
  /** Paths that need no column of their own. */
  readonly skipped: ReadonlySet<string>;
  readonly known: KnownSource;
}

export interface ReadTree {
  readonly records: readonly PathNode[];
  readonly projection: TreeProjection | null;
}

/** The records of parsed documents: where a known source has them, or where objects of one shape repeat. */
export function readTree(documents: readonly unknown[], { definitions, notes }: TreeOptions): ReadTree {
  const known = recogniseDocument(documents, definitions);
  if (known !== null) {
    const { records, recognised } = known;
    return { records, projection: projectionOf(recognised, linkedNames(recognised.definition, documents, records)) };
  }
  const found = findRecords(documents);
  for (const { path, count } of found.others) notes.add('OTHER_TABLE', excerpt(`${path} (${count})`));
  if (found.isInDoubt) notes.add('SEVERAL_LISTS', excerpt(`${found.path} (${found.records.length})`));
  const records = found.records.map(rootOf);
  return { records, projection: projectionOfRecords(found.records, { definitions, notes }) };
}

/** The same for records that come without their document. */
export function projectionOfRecords(records: readonly unknown[], { definitions }: TreeOptions): TreeProjection | null {
  const recognised = recogniseRecords(records, definitions);
  return recognised === null ? null : projectionOf(recognised, null);
}

function linkedNames(
  definition: SourceDefinition,
  documents: readonly unknown[],
  records: readonly PathNode[],
): LinkedNames | null {
  const { links } = definition;
  if (links === null || documents.length !== 1) return null;
  const name = projectedColumns(definition, null).find(({ target }) => target === 'name');
  return new LinkedNames(links, rootOf(documents[0]), records, (node) => name?.read(node) ?? null);
}

function projectionOf({ definition, confidence }: Recognised, linked: LinkedNames | null): TreeProjection {
  const columns = projectedColumns(definition, linked);
  return {
    definition,
    columns,
    skipped: new Set(columns.flatMap(({ consumes }) => (consumes === null ? [] : [consumes]))),
    known: {
      id: definition.id,
      content: definition.content,
      name: definition.name,
      confidence,
      columns: new Map(columns.map(({ name, target, toKind }) => [name, { target, toKind }])),
    },
  };
}
