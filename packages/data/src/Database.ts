import type pg from 'pg';
import { DataSource } from 'typeorm';
import type { EntityTarget, ObjectLiteral } from 'typeorm';
import { CodedError, isCodedError } from '@tributary/contracts/errors';
import { durationHistogram, withSpan } from '@tributary/observability';
import type { Logger } from '@tributary/observability';
import { createConnectionPool } from './ConnectionPool.js';
import { breaksConnection, toCodedDatabaseError } from './databaseError.js';
import type { Keyring } from './encryption/Keyring.js';
import { WorkspaceCipher } from './encryption/WorkspaceCipher.js';
import { EntityTable } from './EntityTable.js';
import { boundValues, prepared, unfilteredSql } from './statement.js';
import type { Row, Statement } from './statement.js';
import type { TenantScope } from './TenantScope.js';
import { WorkspaceTransaction } from './WorkspaceTransaction.js';
import type { Hints } from './WorkspaceTransaction.js';

export interface DatabaseOptions {
  /** Logs in as role `app`. */
  readonly url: string;
  readonly entities: readonly EntityTarget<ObjectLiteral>[];
  readonly logger: Logger;
  /** Needed where a table has encrypted columns. */
  readonly keyring?: Keyring;
  /** Needed where transactions append events: tells watchers, after COMMIT, that a stream has grown. */
  readonly hints?: Hints;
  /** Default 10. */
  readonly poolSize?: number;
  /** Default 3,000. */
  readonly statementTimeoutMs?: number;
  readonly applicationName?: string;
  /** Sees every statement's name before it is sent: tests count with it. */
  readonly onStatement?: (name: string) => void;
}

type ResultsOf<Statements extends readonly Statement<unknown>[]> = {
  -readonly [Index in keyof Statements]: Statements[Index] extends Statement<infer Result> ? Result[] : never;
};

/** Of what runs before or across workspaces. */
const noWorkspace = { workspaceId: '' };
const bindText = `select set_config('app.workspace_id', $1, true)`;
const trips = durationHistogram('tributary_database_seconds', 'Time of one trip or transaction to PostgreSQL.', [
  'kind',
]);

/**
 * The one way to PostgreSQL for the API. A connection serves a workspace only inside `withWorkspace` or `readBatch`, which set the
 * workspace for one transaction; there is no way to send a statement outside of them, save for the closed list of lookup functions.
 */
export class Database implements AsyncDisposable {
  private readonly tables = new Map<unknown, EntityTable<ObjectLiteral>>();

  private constructor(
    private readonly pool: pg.Pool,
    private readonly dataSource: DataSource,
    private readonly options: DatabaseOptions,
  ) {}

  static async open(options: DatabaseOptions): Promise<Database> {
    const dataSource = new OfflineDataSource({
      type: 'postgres',
      url: options.url,
      entities: options.entities as Function[],
      poolSize: 1,
    });
    await dataSource.prepare();
    const pool = createConnectionPool({
      url: options.url,
      poolSize: options.poolSize ?? 10,
      statementTimeoutMs: options.statementTimeoutMs ?? 3_000,
      applicationName: options.applicationName ?? 'tributary',
      logger: options.logger,
    });
    return new Database(pool, dataSource, options);
  }

  table<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): EntityTable<Entity> {
    const known = this.tables.get(entity);
    if (known) return known as unknown as EntityTable<Entity>;
    const table = new EntityTable(this.dataSource, entity);
    this.tables.set(entity, table);
    return table;
  }

  /**
   * Runs `work` in one transaction of one workspace. What `work` throws rolls everything back and is thrown on. Throws
   * SERVICE_UNAVAILABLE with details.outcome "unknown" when the connection broke while COMMIT was under way.
   */
  async withWorkspace<T>(scope: TenantScope, work: (transaction: WorkspaceTransaction) => Promise<T>): Promise<T> {
    return this.onConnection('transaction', scope, async (client) => {
      const cipher = this.cipherOf(scope);
      const transaction = new WorkspaceTransaction(scope.workspaceId, {
        run: (statement) => this.send(client, scope, statement, cipher),
        cipher,
        hints: this.options.hints ?? null,
        table: (entity) => this.table(entity),
      });
      const bound = bind(client, scope.workspaceId);
      let result: T;
      try {
        result = await work(transaction);
        await transaction.finish();
        await bound;
      } catch (error) {
        if (transaction.end() > 0) throw new BrokenConnection(error);
        await rollback(client, error);
        throw new RolledBack(error);
      }
      if (transaction.end() > 0) {
        throw new BrokenConnection(
          new Error('A statement was still running when the work ended. Await every statement.'),
        );
      }
      await commit(client);
      transaction.committed();
      return result;
    });
  }

  /**
   * BEGIN, the workspace, the statements and COMMIT in one pipelined trip: rows of each statement, in order, all of one workspace and
   * of one snapshot.
   */
  async readBatch<const Statements extends readonly Statement<unknown>[]>(
    scope: TenantScope,
    statements: Statements,
  ): Promise<ResultsOf<Statements>> {
    return this.onConnection('read', scope, async (client) => {
      const bound = bind(client, scope.workspaceId, 'begin isolation level repeatable read, read only');
      const cipher = this.cipherOf(scope);
      const results = statements.map((statement) => this.send(client, scope, statement, cipher));
      const ended = client.query('commit');
      const [settled] = await Promise.all([Promise.allSettled([bound, ...results]), ended]);
      const failed = settled.find((outcome) => outcome.status === 'rejected');
      if (failed) throw failed.reason;
      return settled
        .slice(1)
        .map((outcome) => (outcome as PromiseFulfilledResult<unknown[]>).value) as ResultsOf<Statements>;
    });
  }

  /** Rows of one statement: a readBatch of one. */
  async read<Result>(scope: TenantScope, statement: Statement<Result>): Promise<Result[]> {
    return (await this.readBatch(scope, [statement]))[0];
  }

  /**
   * Calls a function of schema `lookup`: the closed list of reads before or across a workspace (sign-in, keys, stream heads, due
   * work). They belong to role `resolver` and return the least that is needed.
   */
  async lookup(name: string, values: readonly unknown[]): Promise<Row[]> {
    if (!/^[a-z_]+$/.test(name)) throw new Error(`${name} is no lookup function.`);
    const places = values.map((_, index) => `$${index + 1}`).join(', ');
    const statement = unfilteredSql(`lookup.${name}`, `select * from lookup.${name}(${places})`, values);
    return this.onConnection('lookup', {}, (client) =>
      this.send(client, noWorkspace, statement, this.cipherOf(noWorkspace)),
    );
  }

  /** Whether PostgreSQL answers within `timeoutMs`. */
  async isReachable(timeoutMs = 1_000): Promise<boolean> {
    const timeout = new Promise<false>((resolve) => setTimeout(() => resolve(false), timeoutMs).unref());
    const answer = this.onConnection('ping', {}, async (client) => {
      await client.query('select 1');
      return true;
    }).catch(() => false);
    return Promise.race([answer, timeout]);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private cipherOf({ workspaceId }: Pick<TenantScope, 'workspaceId'>): WorkspaceCipher {
    return new WorkspaceCipher(workspaceId, this.options.keyring ?? null);
  }

  private async send<Result>(
    client: pg.PoolClient,
    { workspaceId }: Pick<TenantScope, 'workspaceId'>,
    statement: Statement<Result>,
    cipher: WorkspaceCipher,
  ): Promise<Result[]> {
    this.options.onStatement?.(statement.name);
    return withSpan('sql', { 'db.system': 'postgresql', 'db.operation.name': statement.name }, async () => {
      const { name, text } = prepared(statement);
      const result = await client.query({ name, text, values: boundValues(statement, workspaceId) });
      return result.rows.map((row: Row) => statement.map(row, cipher));
    });
  }

  private async onConnection<T>(
    kind: string,
    scope: Partial<TenantScope>,
    use: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    const stop = trips.startTimer({ kind });
    let client: pg.PoolClient | null = null;
    let broken = false;
    try {
      client = await this.pool.connect();
      return await within(scope, use(client));
    } catch (thrown) {
      const error = thrown instanceof BrokenConnection || thrown instanceof RolledBack ? thrown.cause : thrown;
      broken = !(thrown instanceof RolledBack) && (thrown instanceof BrokenConnection || breaksConnection(error));
      const coded = toCodedDatabaseError(error);
      if (isCodedError(coded) && coded !== error)
        this.options.logger.warn({ err: error, workspaceId: scope.workspaceId }, 'a database call failed');
      throw coded;
    } finally {
      client?.release(broken);
      stop();
    }
  }
}

/** TypeORM is asked for metadata and SQL only, so it opens no connection. */
class OfflineDataSource extends DataSource {
  async prepare(): Promise<void> {
    await this.buildMetadatas();
  }
}

/** Carries an error out of a connection that must be destroyed. */
class BrokenConnection extends Error {
  constructor(override readonly cause: unknown) {
    super('The connection cannot be used again.');
  }
}

/** Carries an error out of a connection that rolled back and is sound. */
class RolledBack extends Error {
  constructor(override readonly cause: unknown) {
    super('The transaction was rolled back.');
  }
}

function bind(client: pg.PoolClient, workspaceId: string, begin = 'begin'): Promise<unknown> {
  const bound = Promise.all([
    client.query(begin),
    client.query({ name: 'bind_workspace', text: bindText, values: [workspaceId] }),
  ]);
  // Whoever awaits it sees the failure; until then it must not count as unhandled.
  bound.catch(() => undefined);
  return bound;
}

async function rollback(client: pg.PoolClient, cause: unknown): Promise<void> {
  try {
    await client.query('rollback');
  } catch {
    throw new BrokenConnection(cause);
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  let command: string;
  try {
    command = (await client.query('commit')).command;
  } catch (error) {
    throw new BrokenConnection(
      new CodedError(
        'SERVICE_UNAVAILABLE',
        'The connection to the database broke while the change was being saved, so it may or may not have happened. Send it again with the same idempotencyKey.',
        { outcome: 'unknown' },
        { cause: error },
      ),
    );
  }
  if (command !== 'COMMIT') throw new CodedError('DATABASE_ERROR', 'The change could not be saved. Try again.');
}

/** Longest wait of a timer; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Fails when the deadline passes; the connection is then in doubt and destroyed. */
async function within<T>(scope: Partial<TenantScope>, work: Promise<T>): Promise<T> {
  const left = scope.deadline?.remaining() ?? Infinity;
  if (left > longestTimerMs) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new BrokenConnection(
          new CodedError('SERVICE_UNAVAILABLE', 'The request ran out of its time. Ask for less, or try again.'),
        ),
      );
    }, left);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
