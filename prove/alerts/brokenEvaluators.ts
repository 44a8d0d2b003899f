import { sql } from '@tributary/data';
import type { Database, Statement, WorkspaceTransaction } from '@tributary/data';

/** Evaluators, or tables, with guards taken away. The proof must find episodes that fired twice, or were lost. */
export interface Break {
  readonly name: string;
  readonly sql?: readonly string[];
  readonly database: (database: Database) => Database;
  /** What is found out. */
  readonly shows: RegExp;
  /** What the guards that are left keep from happening. */
  readonly never?: RegExp;
}

const openTwice = /two open alerts at once/;

export const brokenEvaluators: readonly Break[] = [
  { name: 'without the fence', database: withoutFence, shows: /no alert of|too many|told as/, never: openTwice },
  {
    name: 'without the fence and the index of open alerts',
    // Statements that lean on the index must have one.
    sql: [
      'drop index alert_open',
      `create unique index alert_open on alert (workspace_id, fingerprint, id) where status <> 'RESOLVED'`,
    ],
    database: (database) => withoutIndex(withoutFence(database)),
    shows: openTwice,
  },
];

/** An evaluator that was overtaken writes nevertheless. */
function withoutFence(database: Database): Database {
  return withTransactions(database, (transaction) => ({
    query: (statement: Statement<unknown>) =>
      statement.name === 'alert.lockClaimedRules'
        ? Promise.resolve(statement.values[0] as string[])
        : transaction.query(statement),
  }));
}

/** Each firing is a new alert, whatever is open. */
function withoutIndex(database: Database): Database {
  const conflict = `on conflict (workspace_id, fingerprint) where status <> 'RESOLVED' do nothing`;
  return withTransactions(database, (transaction) => ({
    query: (statement: Statement<unknown>) => {
      if (statement.name !== 'alert.insertAlerts') return transaction.query(statement);
      if (!statement.text.includes(conflict)) throw new Error('alert.insertAlerts leans on the index otherwise now.');
      const { text, facts } = sql(statement.name, statement.text.replace(conflict, ''), statement.values);
      return transaction.query({ ...statement, text, facts });
    },
  }));
}

function withTransactions(
  database: Database,
  others: (transaction: WorkspaceTransaction) => Readonly<Record<string, unknown>>,
): Database {
  return wrapped(database, {
    withWorkspace: (
      scope: Parameters<Database['withWorkspace']>[0],
      work: (transaction: WorkspaceTransaction) => Promise<unknown>,
    ) => database.withWorkspace(scope, (transaction) => work(wrapped(transaction, others(transaction)))),
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
