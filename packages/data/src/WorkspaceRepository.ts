import type { ObjectLiteral } from 'typeorm';
import type { EntitySelect } from './EntitySelect.js';
import type { EntityTable } from './EntityTable.js';
import { Parameters } from './Parameters.js';
import { sql } from './statement.js';
import type { Row, Statement } from './statement.js';

/** What a new row needs: everything but the workspace, which comes from the handle, and what the database fills in. */
export type NewRow<Entity> = Partial<Omit<Entity, 'workspaceId' | 'createdAt' | 'updatedAt'>>;
/** What may be changed of a row. */
export type Patch<Entity> = Partial<Omit<Entity, 'workspaceId' | 'id' | 'createdAt' | 'updatedAt' | 'version'>>;

export interface UpdateOptions {
  /** Changes the row only while it still has this version. */
  readonly version?: number;
}

/** The few ways to touch one table inside a transaction, always in the transaction's workspace. */
export class WorkspaceRepository<Entity extends ObjectLiteral> {
  constructor(
    private readonly table: EntityTable<Entity>,
    private readonly run: <Result>(statement: Statement<Result>) => Promise<Result[]>,
  ) {}

  find(name: string, build?: (query: EntitySelect) => EntitySelect): Promise<Entity[]> {
    return this.run(this.table.select(name, build));
  }

  /** The row with this id, or null; `lock` holds it against other writers until the end of the transaction. */
  async findById(name: string, id: string, options: { lock?: boolean } = {}): Promise<Entity | null> {
    const [row] = await this.run(
      this.table.select(name, (query) => {
        const byId = query.andWhere('row.id = :id', { id });
        return options.lock ? byId.setLock('pessimistic_write') : byId;
      }),
    );
    return row ?? null;
  }

  /** Inserts rows (at most some hundred: bulk writes have statements of their own) and returns them as stored. */
  async insert(name: string, rows: readonly NewRow<Entity>[]): Promise<Entity[]> {
    const first = rows[0];
    if (!first) return [];
    const properties = Object.keys(first).filter((property) => first[property as keyof typeof first] !== undefined);
    const columns = properties.map((property) => this.table.column(property));
    const parameters = new Parameters();
    const tuples = rows.map((row) => {
      const places = columns.map((column) =>
        parameters.add(toDriver(row[column.propertyName as keyof typeof row], column.type)),
      );
      return `($1, ${places.join(', ')})`;
    });
    const text = `insert into ${this.table.name} ("workspace_id", ${columns.map((column) => `"${column.databaseName}"`).join(', ')})
      values ${tuples.join(', ')} returning ${this.table.columnList}`;
    return this.run(sql(name, text, parameters.values, (row: Row) => this.table.fromRow(row)));
  }

  /** Changes one row and returns it; null when there is none (or not of that version). Sets updated_at and, where there is one, version. */
  async update(name: string, id: string, patch: Patch<Entity>, options: UpdateOptions = {}): Promise<Entity | null> {
    const parameters = new Parameters();
    const place = parameters.add(id);
    const assignments = Object.entries(patch)
      .filter(([, value]) => value !== undefined)
      .map(([property, value]) => {
        const column = this.table.column(property);
        return `"${column.databaseName}" = ${parameters.add(toDriver(value, column.type))}`;
      });
    const has = (property: string) => this.table.metadata.columns.some((column) => column.propertyName === property);
    if (has('updatedAt')) assignments.push('"updated_at" = now()');
    if (has('version')) assignments.push('"version" = "version" + 1');
    const guard = options.version === undefined ? '' : ` and "version" = ${parameters.add(options.version)}`;
    const text = `update ${this.table.name} set ${assignments.join(', ')}
      where "workspace_id" = $1 and "id" = ${place}${guard} returning ${this.table.columnList}`;
    const [row] = await this.run(sql(name, text, parameters.values, (found: Row) => this.table.fromRow(found)));
    return row ?? null;
  }
}

/** jsonb is handed to pg as text: pg would send a JavaScript array as a PostgreSQL array. */
function toDriver(value: unknown, type: unknown): unknown {
  return (type === 'jsonb' || type === 'json') && value !== null && value !== undefined ? JSON.stringify(value) : value;
}
