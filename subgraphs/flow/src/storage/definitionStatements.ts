import { sql } from '@tributary/data';
import type { Database, EntityTable, Statement } from '@tributary/data';
import { SourceDefinitionRow } from './SourceDefinitionRow.js';

/** Newest first, behind the definition with id `after`. */
export function listDefinitions(
  database: Database,
  after: string | null,
  limit: number,
): Statement<SourceDefinitionRow> {
  return database.table(SourceDefinitionRow).select('source.list', (query) => {
    if (after !== null) query.andWhere('row.id < :after', { after });
    return query.orderBy('row.id', 'DESC').limit(limit);
  });
}

export function countDefinitions(): Statement<number> {
  return sql('source.count', 'select count(*) as count from source_definition where workspace_id = $1', [], (row) =>
    Number(row['count']),
  );
}

export function definitionsById(database: Database, ids: readonly string[]): Statement<SourceDefinitionRow> {
  return database
    .table(SourceDefinitionRow)
    .select('source.byId', (query) => query.andWhere('row.id = any(:ids)', { ids }));
}

export function existingDefinitions(ids: readonly string[]): Statement<string> {
  return sql(
    'source.existing',
    'select id from source_definition where workspace_id = $1 and id = any($2::uuid[])',
    [ids],
    (row) => row['id'] as string,
  );
}

export function deleteDefinition(table: EntityTable<SourceDefinitionRow>, id: string): Statement<SourceDefinitionRow> {
  return table.sql(
    'source.delete',
    `delete from source_definition where workspace_id = $1 and id = $2 returning ${table.columnList}`,
    [id],
  );
}
