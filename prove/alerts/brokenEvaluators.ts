import type { Database, WorkspaceTransaction } from '@tributary/data';

/** Evaluators, or tables, with one guard taken away. The proof must find episodes that fired twice, or were lost. */
export interface Break {
  readonly name: string;
  readonly sql?: readonly string[];
  readonly database?: (database: Database) => Database;
}

export const brokenEvaluators: readonly Break[] = [
  { name: 'without the fence', database: withoutFence },
  { name: 'without the index of open alerts', sql: ['drop index alert_open'] },
];

/** An evaluator that was overtaken writes nevertheless. */
function withoutFence(database: Database): Database {
  return wrapped(database, {
    withWorkspace: (
      scope: Parameters<Database['withWorkspace']>[0],
      work: (transaction: WorkspaceTransaction) => Promise<unknown>,
    ) =>
      database.withWorkspace(scope, (transaction) =>
        work(
          wrapped(transaction, {
            queryOne: (statement: Parameters<WorkspaceTransaction['queryOne']>[0]) =>
              statement.name === 'alert.lockClaimedRule' ? Promise.resolve({}) : transaction.queryOne(statement),
          }),
        ),
      ),
  });
}

/** The same object with other methods. */
function wrapped<Target extends object>(target: Target, others: Readonly<Record<string, unknown>>): Target {
  return new Proxy(target, {
    get(object, name) {
      if (typeof name === 'string' && name in others) return others[name];
      const value: unknown = Reflect.get(object, name, object);
      return typeof value === 'function' ? (value.bind(object) as unknown) : value;
    },
  });
}
