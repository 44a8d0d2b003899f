import type { KnownColumn, KnownSource, SourceValue } from '../../sourceRecord.js';
import { rootOf } from '../catalogue/PathExpression.js';
import { headingKey } from '../catalogue/headingKey.js';
import { projectedColumns, type ProjectedColumn } from '../catalogue/projectRecord.js';
import { recogniseTable } from '../catalogue/recogniseSource.js';
import type { SourceDefinition } from '../catalogue/SourceDefinition.js';

/** How the rows of a known table get columns of their own behind the ones that they have. */
export interface TableProjection {
  readonly names: readonly string[];
  readonly known: KnownSource;
  project(cells: readonly SourceValue[]): readonly SourceValue[];
}

/** Null when no known table has these columns. A column that a definition takes as it is gets its target and stays where it is. */
export function projectTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  definitions: readonly SourceDefinition[],
): TableProjection | null {
  const recognised = recogniseTable(columns, rows, definitions);
  if (recognised === null) return null;
  const { definition, confidence } = recognised;
  const words = columns.map(headingKey);
  const targets = new Map<string, KnownColumn>();
  const added: ProjectedColumn[] = [];
  for (const column of projectedColumns(definition, null)) {
    const present = column.paths.filter(({ plain }) => plain !== null && words.includes(plain));
    const at = column.isPlain && present.length === 1 ? words.indexOf(present[0]!.plain!) : -1;
    // A column that is the name and the host name is the one as it is, and the other beside it.
    if (at !== -1 && !targets.has(columns[at]!)) targets.set(columns[at]!, column);
    else if (present.length > 0 || column.paths.length === 0) added.push(column);
  }
  const names = [...columns, ...added.map((column) => nameOf(column, columns, words))];
  added.forEach((column, index) => targets.set(names[columns.length + index]!, column));
  return {
    names,
    known: {
      id: definition.id,
      content: definition.content,
      name: definition.name,
      confidence,
      columns: new Map([...targets].map(([name, { target, toKind }]) => [name, { target, toKind }])),
    },
    project(cells) {
      if (added.length === 0) return cells;
      const node = rootOf(Object.fromEntries(words.map((name, index) => [name, cells[index]])));
      return [
        ...cells,
        ...Array.from({ length: columns.length - cells.length }, () => ''),
        ...added.map(({ read }) => read(node)),
      ];
    },
  };
}

/** `Powerstate (status)`: the column that it is read from, and what for. */
function nameOf({ paths, target }: ProjectedColumn, columns: readonly string[], words: readonly string[]): string {
  const from = paths.flatMap(({ plain }) => columns[words.indexOf(plain ?? '')] ?? [])[0];
  return from === undefined ? `(${target})` : `${from} (${target})`;
}
