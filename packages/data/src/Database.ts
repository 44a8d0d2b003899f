import type pg from 'pg';
import { DataSource } from 'typeorm';
import type { EntityTarget, ObjectLiteral } from 'typeorm';
import { CodedError, isCodedError } from '@tributary/contracts/errors';
import { durationHistogram, withSpan, withSpans } from '@tributary/observability';
import type { Logger } from '@tributary/observability';
import { bindingText } from './bindWorkspace.js';
import type { DatabaseEngine } from './bindWorkspace.js';
import { createConnectionPool, silenceMs } from './ConnectionPool.js';
import { breaksConnection, resultTypeChanged, sqlState, toCodedDatabaseError } from './databaseError.js';
import type { Keyring } from './encryption/Keyring.js';
import { WorkspaceCipher } from './encryption/WorkspaceCipher.js';
import { EntityTable } from './EntityTable.js';
import { PlanAges } from './PlanAges.js';
import { ReadBatch } from './read/ReadBatch.js';
import { TurnReads } from './read/TurnReads.js';
import { assertRead, boundValues, unfilteredSql } from './statement.js';
import type { Row, Statement } from './statement.js';
import type { TenantScope } from './TenantScope.js';
import { WorkspaceTransaction } from './WorkspaceTransaction.js';
import type { Pooler } from './pooler.js';
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
  /** How long a connection keeps the plans of its statements. Default 10,000. */
  readonly planLifeMs?: number;
  /** Default postgresql. */
  readonly engine?: DatabaseEngine;
  /** What stands in between. Default none. */
  readonly pooler?: Pooler;
  /** Sees every statement's name before it is sent: tests count with it. */
  readonly onStatement?: (name: string) => void;
}

type ResultsOf<Statements extends readonly Statement<unknown>[]> = {
  -readonly [Index in keyof Statements]: Statements[Index] extends Statement<infer Result> ? Result[] : never;
};

/** SQLSTATE of the notice that an answer is without what a node knows that is away. */
const nodeIsAway = '01P01';

/** Of what runs before or across workspaces. */
const noWorkspace = { workspaceId: '' };
const times = durationHistogram('tributary_database_seconds', 'Time of one trip or transaction to PostgreSQL.', [
  'kind',
]);
const trips = {
  transaction: times.labels({ kind: 'transaction' }),
  read: times.labels({ kind: 'read' }),
  lookup: times.labels({ kind: 'lookup' }),
  ping: times.labels({ kind: 'ping' }),
};
type Trip = keyof typeof trips;

/**
 * The one way to PostgreSQL for the API. A connection serves a workspace only inside `withWorkspace` or `readBatch`, which set the
 * workspace for one transaction; there is no way to send a statement outside of them, save for the closed list of lookup functions.
 */
export class Database implements AsyncDisposable {
  private readonly tables = new Map<unknown, EntityTable<ObjectLiteral>>();
  private askedNodes: { readonly at: number; readonly missing: Promise<readonly string[]> } | null = null;
  private readonly planAges: PlanAges;
  private readonly turnReads = new TurnReads((scope, statements) => this.trip(scope, statements));

  private constructor(
    private readonly pool: pg.Pool,
    private readonly dataSource: DataSource,
    private readonly options: DatabaseOptions,
  ) {
    this.planAges = new PlanAges(options.planLifeMs ?? 10_000);
  }

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
      poolSize: poolSizeOf(options),
      statementTimeoutMs: isPooled(options) ? null : statementTimeoutOf(options),
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
      const bound = this.bind(client, scope.workspaceId);
      let result: T;
      try {
        result = await work(transaction);
        await transaction.finish();
        await bound;
      } catch (error) {
        if (transaction.end() > 0) throw new BrokenConnection(error);
        await this.rollback(client, error);
        throw new RolledBack(error);
      }
      if (transaction.end() > 0) {
        throw new BrokenConnection(
          new Error('A statement was still running when the work ended. Await every statement.'),
        );
      }
      await this.commit(client);
      transaction.committed();
      return result;
    });
  }

  /**
   * The workspace and the statements in one trip: rows of each statement, in order, all of one workspace and of one snapshot. With
   * `scope.operation` it is shared with what else is read for that operation in the same turn.
   */
  async readBatch<const Statements extends readonly Statement<unknown>[]>(
    scope: TenantScope,
    statements: Statements,
  ): Promise<ResultsOf<Statements>> {
    if (statements.length === 0) return [] as unknown as ResultsOf<Statements>;
    const results = scope.operation
      ? this.turnReads.read(scope.operation, scope, statements)
      : this.trip(scope, statements);
    return (await results) as ResultsOf<Statements>;
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
    const statement = lookupOf(name, values);
    return this.onConnection('lookup', {}, (client) =>
      this.send(client, noWorkspace, statement, this.cipherOf(noWorkspace)),
    );
  }

  /** As `lookup`, and whether all nodes were asked: on Citus a look-up over workspaces goes on without those that are away. */
  async lookupParts(name: string, values: readonly unknown[]): Promise<{ rows: Row[]; isWhole: boolean }> {
    const statement = lookupOf(name, values);
    return this.onConnection('lookup', {}, async (client) => {
      let isWhole = true;
      const hear = ({ code }: { code?: string | undefined }): void => {
        if (code === nodeIsAway) isWhole = false;
      };
      client.on('notice', hear);
      try {
        const rows = await this.send(client, noWorkspace, statement, this.cipherOf(noWorkspace));
        return { rows, isWhole };
      } finally {
        client.off('notice', hear);
      }
    });
  }

  /** Nodes of a Citus cluster that do not answer now, as `host:port`; asked at most once a second. None on plain PostgreSQL. */
  missingNodes(): Promise<readonly string[]> {
    if (this.options.engine !== 'citus') return Promise.resolve([]);
    const now = performance.now();
    if (!this.askedNodes || now - this.askedNodes.at > 1_000) {
      const missing = this.lookup('missing_nodes', []).then((rows) => rows.map((row) => row['node'] as string));
      // Whether the coordinator itself answers is asked beside this.
      this.askedNodes = { at: now, missing: missing.catch(() => []) };
    }
    return this.askedNodes.missing;
  }

  /**
   * Calls one of the few lookup functions that write (an account is made, its first password set). Its transaction waits for other
   * writers of the row; in the isolation of reads it would fail behind them.
   */
  async lookupThatWrites(name: string, values: readonly unknown[]): Promise<Row[]> {
    const statement = lookupOf(name, values);
    return this.onConnection('lookup', {}, async (client) => {
      const begun = this.ask(client, { text: 'begin isolation level read committed' });
      const rows = this.send(client, noWorkspace, statement, this.cipherOf(noWorkspace));
      const ended = this.ask(client, { text: 'commit' });
      const [, found] = await Promise.all([begun, rows, ended]);
      return found;
    });
  }

  /** Whether PostgreSQL answers within `timeoutMs`. */
  async isReachable(timeoutMs = 1_000): Promise<boolean> {
    const timeout = new Promise<false>((resolve) => setTimeout(() => resolve(false), timeoutMs).unref());
    const answer = this.onConnection('ping', {}, async (client) => {
      await this.ask(client, { text: 'select 1' });
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

  /** Reads in one trip; again on another connection where a migration has changed what a statement's columns are. */
  private async trip(scope: TenantScope, statements: readonly Statement<unknown>[]): Promise<unknown[][]> {
    for (const { name } of statements) this.options.onStatement?.(name);
    const once = () =>
      this.onConnection('read', scope, async (client) => {
        if (this.options.engine === 'citus') return this.readOnCitus(client, scope, statements);
        const batch = new ReadBatch({
          workspaceId: scope.workspaceId,
          statements,
          cipher: this.cipherOf(scope),
          silenceMs: silentAfterMs(this.options),
          statementTimeoutMs: boundTimeoutOf(this.options),
          named: namesStatements(this.options),
        });
        client.query(batch as unknown as pg.Submittable);
        return batch.done;
      });
    return withSpans('sql', statements.map(attributesOf), () =>
      // Each such connection is destroyed, so all of them can be met once.
      again(
        once,
        poolSizeOf(this.options),
        (error) => isCodedError(error) && sqlState(error.cause) === resultTypeChanged,
      ),
    );
  }

  /** Citus does not carry what set_config() sets, so a read there is a transaction of several messages, sent in one go. */
  private async readOnCitus(
    client: pg.PoolClient,
    scope: TenantScope,
    statements: readonly Statement<unknown>[],
  ): Promise<unknown[][]> {
    const cipher = this.cipherOf(scope);
    const begun = this.ask(client, { text: bindingText(scope.workspaceId, 'read', boundTimeoutOf(this.options)) });
    const results = statements.map((statement) => {
      assertRead(statement);
      return this.rowsOf(client, scope, statement, cipher);
    });
    const ended = this.ask(client, { text: 'commit' });
    const [settled] = await Promise.all([Promise.allSettled([begun, ...results]), ended]);
    const failed = settled.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    return Promise.all(results);
  }

  private ask(client: pg.PoolClient, query: pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    const { name, ...unnamed } = query;
    const named = name !== undefined && namesStatements(this.options) ? { name } : {};
    const sent = { ...unnamed, ...named, query_timeout: silentAfterMs(this.options) };
    return client.query<Row>(sent as pg.QueryConfig);
  }

  /** In one text: beside a message of its own for the setting, which a write took before, it spares a fifth of a short transaction. */
  private bind(client: pg.PoolClient, workspaceId: string): Promise<unknown> {
    const bound = this.ask(client, { text: bindingText(workspaceId, 'write', boundTimeoutOf(this.options)) });
    // Whoever awaits it sees the failure; until then it must not count as unhandled.
    bound.catch(() => undefined);
    return bound;
  }

  private async rollback(client: pg.PoolClient, cause: unknown): Promise<void> {
    try {
      await this.ask(client, { text: 'rollback' });
    } catch {
      throw new BrokenConnection(cause);
    }
  }

  private async commit(client: pg.PoolClient): Promise<void> {
    let command: string;
    try {
      command = (await this.ask(client, { text: 'commit' })).command;
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

  private async send<Result>(
    client: pg.PoolClient,
    scope: Pick<TenantScope, 'workspaceId'>,
    statement: Statement<Result>,
    cipher: WorkspaceCipher,
  ): Promise<Result[]> {
    this.options.onStatement?.(statement.name);
    return withSpan('sql', attributesOf(statement), () => this.rowsOf(client, scope, statement, cipher));
  }

  private async rowsOf<Result>(
    client: pg.PoolClient,
    { workspaceId }: Pick<TenantScope, 'workspaceId'>,
    statement: Statement<Result>,
    cipher: WorkspaceCipher,
  ): Promise<Result[]> {
    const { preparedName: name, preparedText: text } = statement.facts;
    const sent = this.ask(client, { name, text, values: boundValues(statement, workspaceId) });
    const result = await sent.catch((error: unknown) => {
      throw naming(error, statement.name);
    });
    return result.rows.map((row: Row) => statement.map(row, cipher));
  }

  private async onConnection<T>(
    kind: Trip,
    scope: Partial<TenantScope>,
    use: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    const begun = performance.now();
    let client: pg.PoolClient | null = null;
    let broken = false;
    try {
      client = await this.pool.connect();
      if (this.planAges.areOver(client)) this.ask(client, { text: 'discard plans' }).catch(() => undefined);
      return await within(scope, use(client));
    } catch (thrown) {
      const error = thrown instanceof BrokenConnection || thrown instanceof RolledBack ? thrown.cause : thrown;
      broken = !(thrown instanceof RolledBack) && (thrown instanceof BrokenConnection || breaksConnection(error));
      const coded = toCodedDatabaseError(error);
      if (isCodedError(coded) && coded !== error)
        this.options.logger.warn(
          { err: error, workspaceId: scope.workspaceId, ...statementOf(error) },
          'a database call failed',
        );
      throw coded;
    } finally {
      client?.release(broken);
      trips[kind].observe((performance.now() - begun) / 1000);
    }
  }
}

/** The error, which says in logs which statement it is of. */
function naming(error: unknown, statement: string): unknown {
  return sqlState(error) === null ? error : Object.assign(error as Error, { statement });
}

function statementOf(error: unknown): { statement?: string } {
  const { statement } = error as { statement?: string };
  return statement === undefined ? {} : { statement };
}

function lookupOf(name: string, values: readonly unknown[]): Statement {
  if (!/^[a-z_]+$/.test(name)) throw new Error(`${name} is no lookup function.`);
  const places = values.map((_, index) => `$${index + 1}`).join(', ');
  return unfilteredSql(`lookup.${name}`, `select * from lookup.${name}(${places})`, values);
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

function statementTimeoutOf({ statementTimeoutMs = 3_000 }: DatabaseOptions): number {
  return statementTimeoutMs;
}

/** What a binding sets of it: null where the connection has it from its start. */
function boundTimeoutOf(options: DatabaseOptions): number | null {
  return isPooled(options) ? statementTimeoutOf(options) : null;
}

function isPooled({ pooler = 'none' }: DatabaseOptions): boolean {
  return pooler !== 'none';
}

/** A statement that was prepared by name is on one connection of the pooler's, and the next transaction may be on another. */
function namesStatements({ pooler = 'none' }: DatabaseOptions): boolean {
  return pooler !== 'transaction';
}

function poolSizeOf({ poolSize = 10 }: DatabaseOptions): number {
  return poolSize;
}

function silentAfterMs(options: DatabaseOptions): number {
  return statementTimeoutOf(options) + silenceMs;
}

/** Tries once, and as often as `times` more while the failure is one that another try may mend. */
async function again<T>(work: () => Promise<T>, times: number, isPassing: (error: unknown) => boolean): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (times === 0 || !isPassing(error)) throw error;
    return again(work, times - 1, isPassing);
  }
}

function attributesOf({ name }: Statement<unknown>): Record<string, string> {
  return { 'db.system': 'postgresql', 'db.operation.name': name };
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
