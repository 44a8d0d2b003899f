import type { DataSource, EntityMetadata, EntityTarget, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { sql } from './statement.js';
import type { Row, Statement } from './statement.js';

/** Stands for the workspace in TypeORM's parameters until a handle binds it. */
const boundWorkspace = 'the workspace that is bound';

type ColumnMetadata = EntityMetadata['columns'][number];

/**
 * What TypeORM knows of an entity's table, in the form that our statements need: SQL from its query builder, rows back to
 * plain records by property name. TypeORM never executes: execution is bound to a workspace elsewhere.
 */
export class EntityTable<Entity extends ObjectLiteral> {
  readonly metadata: EntityMetadata;
  private readonly columnsByProperty: ReadonlyMap<string, ColumnMetadata>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly entity: EntityTarget<Entity>,
  ) {
    this.metadata = dataSource.getMetadata(entity);
    this.columnsByProperty = new Map(this.metadata.columns.map((column) => [column.propertyName, column]));
    if (!this.columnsByProperty.has('workspaceId')) {
      throw new Error(`${this.metadata.name} has no workspaceId: only tables of a workspace can be read through this.`);
    }
  }

  /** Quoted table name. */
  get name(): string {
    return `"${this.metadata.tableName}"`;
  }

  column(property: string): ColumnMetadata {
    const column = this.columnsByProperty.get(property);
    if (!column) throw new Error(`${this.metadata.name} has no property ${property}.`);
    return column;
  }

  /** A SELECT of whole rows, filtered by the workspace that is bound before `build` adds its own conditions, order and limit. */
  select(
    statementName: string,
    build: (query: SelectQueryBuilder<Entity>) => SelectQueryBuilder<Entity> = (query) => query,
  ): Statement<Entity> {
    const query = this.dataSource
      .createQueryBuilder(this.entity, 'row')
      .where('row.workspaceId = :boundWorkspace', { boundWorkspace });
    const [text, parameters] = build(query).getQueryAndParameters() as [string, unknown[]];
    const [workspace, ...values] = parameters;
    if (workspace !== boundWorkspace) throw new Error(`${statementName} has a parameter in front of the workspace.`);
    return sql(statementName, text, values, (row) => this.fromAliased(row));
  }

  /** All columns as `"column"`, for RETURNING and hand-written SQL; read rows of such a list with `fromRow`. */
  get columnList(): string {
    return this.metadata.columns.map((column) => `"${column.databaseName}"`).join(', ');
  }

  /** A record from a row whose keys are column names. */
  fromRow(row: Row): Entity {
    return this.record((column) => row[column.databaseName]);
  }

  private fromAliased(row: Row): Entity {
    return this.record((column) => row[`row_${column.databaseName}`]);
  }

  private record(valueOf: (column: ColumnMetadata) => unknown): Entity {
    const record: Record<string, unknown> = {};
    for (const column of this.metadata.columns) record[column.propertyName] = valueOf(column);
    return record as Entity;
  }
}
