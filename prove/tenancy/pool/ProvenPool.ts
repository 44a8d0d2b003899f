import type { Statement, TenantScope } from '@tributary/data';

/** What a piece of work holds: dead after its end. */
export interface Handle {
  query<Result>(statement: Statement<Result>): Promise<Result[]>;
}

/** What the proof drives: the product's Database, or one that was broken on purpose. */
export interface ProvenPool {
  withWorkspace<T>(scope: TenantScope, work: (handle: Handle) => Promise<T>): Promise<T>;
  readBatch(scope: TenantScope, statements: readonly Statement<unknown>[]): Promise<unknown[][]>;
}
