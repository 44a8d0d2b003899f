import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

type Direction = 'ASC' | 'DESC';

/**
 * Notes what a SELECT of an entity shall say, in the words of TypeORM's query builder. The notes without their values are the key under
 * which its SQL is remembered, so TypeORM is asked once for each shape of a query.
 */
export class EntitySelect {
  /** Values by the name of their parameter. */
  readonly parameters = new Map<string, unknown>();
  private readonly steps: ((query: SelectQueryBuilder<ObjectLiteral>) => unknown)[] = [];
  private shape = '';

  /** The same for all queries with the same SQL. */
  get key(): string {
    return this.shape;
  }

  /** Reads these properties alone. */
  only(properties: readonly string[]): this {
    return this.note(`only ${properties.join(' ')}`, (query) => query.select(properties.map((name) => `row.${name}`)));
  }

  andWhere(condition: string, parameters: Readonly<Record<string, unknown>> = {}): this {
    for (const [name, value] of Object.entries(parameters)) {
      if (this.parameters.has(name)) throw new Error(`The parameter :${name} is given twice.`);
      this.parameters.set(name, value);
    }
    return this.note(`and ${condition}`, (query) => query.andWhere(condition));
  }

  orderBy(property: string, direction: Direction = 'ASC'): this {
    return this.note(`order by ${property} ${direction}`, (query) => query.orderBy(property, direction));
  }

  addOrderBy(property: string, direction: Direction = 'ASC'): this {
    return this.note(`then by ${property} ${direction}`, (query) => query.addOrderBy(property, direction));
  }

  limit(rows: number): this {
    return this.note(`limit ${rows}`, (query) => query.limit(rows));
  }

  setLock(lock: 'pessimistic_write'): this {
    return this.note(`lock ${lock}`, (query) => query.setLock(lock));
  }

  /** Says all of it to TypeORM. */
  sayTo(query: SelectQueryBuilder<ObjectLiteral>): void {
    for (const step of this.steps) step(query);
  }

  private note(words: string, step: (query: SelectQueryBuilder<ObjectLiteral>) => unknown): this {
    this.shape += `${words}\n`;
    this.steps.push(step);
    return this;
  }
}
