import type { DataSource, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';
import { EntitySelect } from './EntitySelect.js';
import { recordSql } from './statement.js';
import type { Row, Statement } from './statement.js';

type ColumnMetadata = EntityMetadata['columns'][number];

/** SQL of a SELECT, and the names of its parameters from $2 on. */
interface KnownSelect {
  readonly text: string;
  readonly parameters: readonly string[];
}

/**
 * What TypeORM knows of an entity's table, in the form that our statements need: SQL from its query builder, rows back to
 * plain records by property name. TypeORM never executes: execution is bound to a workspace elsewhere.
 */
export class EntityTable<Entity extends ObjectLiteral> {
  readonly metadata: EntityMetadata;
  private readonly columnsByProperty: ReadonlyMap<string, ColumnMetadata>;
  private readonly propertyOfColumn: ReadonlyMap<string, string>;
  private readonly propertyOfAlias: ReadonlyMap<string, string>;
  private readonly selects = new Map<string, KnownSelect>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly entity: EntityTarget<Entity>,
  ) {
    this.metadata = dataSource.getMetadata(entity);
    const { columns } = this.metadata;
    this.columnsByProperty = new Map(columns.map((column) => [column.propertyName, column]));
    this.propertyOfColumn = new Map(columns.map((column) => [column.databaseName, column.propertyName]));
    this.propertyOfAlias = new Map(columns.map((column) => [`row_${column.databaseName}`, column.propertyName]));
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
  select(statementName: string, build: (query: EntitySelect) => EntitySelect = (query) => query): Statement<Entity> {
    const query = build(new EntitySelect());
    let known = this.selects.get(query.key);
    if (!known) this.selects.set(query.key, (known = this.sqlOf(query)));
    const values = known.parameters.map((name) => query.parameters.get(name));
    return recordSql(statementName, known.text, values, this.propertyOfAlias);
  }

  /** As `select`, of these properties alone: what nobody will look at is neither read nor sent. */
  selectOnly<Property extends keyof Entity & string>(
    statementName: string,
    properties: readonly Property[],
    build: (query: EntitySelect) => EntitySelect,
  ): Statement<Pick<Entity, Property>> {
    return this.select(statementName, (query) => build(query.only(properties)));
  }

  /** All columns as `"column"`, for RETURNING and hand-written SQL; read rows of such a list with `fromRow`. */
  get columnList(): string {
    return this.metadata.columns.map((column) => `"${column.databaseName}"`).join(', ');
  }

  /** A statement written by hand whose rows are `columnList`, and whose results are the records. */
  sql(statementName: string, text: string, values: readonly unknown[]): Statement<Entity> {
    return recordSql(statementName, text, values, this.propertyOfColumn);
  }

  /** A record from a row whose keys are column names. */
  fromRow(row: Row): Entity {
    const record: Row = {};
    for (const [column, property] of this.propertyOfColumn) record[property] = row[column];
    return record as Entity;
  }

  private sqlOf(select: EntitySelect): KnownSelect {
    const query = this.dataSource
      .createQueryBuilder(this.entity, 'row')
      .where('row.workspaceId = :boundWorkspace', { boundWorkspace });
    select.sayTo(query);
    // Each value is its own name here, which tells in what order TypeORM numbers them.
    for (const name of select.parameters.keys()) query.setParameter(name, name);
    const [text, [workspace, ...parameters]] = query.getQueryAndParameters() as [string, string[]];
    if (workspace !== boundWorkspace) throw new Error(`A parameter stands in front of the workspace: ${text}`);
    return { text, parameters };
  }
}

/** Stands for the workspace in TypeORM's parameters until a handle binds it. */
const boundWorkspace = 'the workspace that is bound';
