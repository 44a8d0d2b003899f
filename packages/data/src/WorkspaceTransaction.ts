import type { EntityTarget, ObjectLiteral } from 'typeorm';
import type { WorkspaceCipher } from './encryption/WorkspaceCipher.js';
import type { EntityTable } from './EntityTable.js';
import type { Statement } from './statement.js';
import { WorkspaceRepository } from './WorkspaceRepository.js';

/** Lock order of all transactions: business rows as they come, then these, then COMMIT. */
export const lastSteps = { streamHeads: 1, auditHead: 2 } as const;
export type LastStep = keyof typeof lastSteps;

/** Carries hints to other processes. They may be lost: what they are about is in the database. */
export interface Hints {
  publish(channel: string, message: string): void;
}

export interface TransactionDriver {
  readonly hints: Hints | null;
  readonly cipher: WorkspaceCipher;
  run<Result>(statement: Statement<Result>): Promise<Result[]>;
  table<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): EntityTable<Entity>;
}

/**
 * A transaction that is bound to one workspace. It is alive inside the work that `Database.withWorkspace` runs, and every use of
 * it after COMMIT or ROLLBACK throws: a statement that nobody awaited cannot reach the next tenant's connection.
 */
export class WorkspaceTransaction {
  private ended = false;
  private unfinished = 0;
  private readonly deferred: Record<LastStep, (() => Promise<void>)[]> = { streamHeads: [], auditHead: [] };
  private readonly onCommit: (() => void)[] = [];

  constructor(
    readonly workspaceId: string,
    private readonly driver: TransactionDriver,
  ) {}

  /** For the encrypted columns of this workspace. */
  get cipher(): WorkspaceCipher {
    return this.driver.cipher;
  }

  async query<Result>(statement: Statement<Result>): Promise<Result[]> {
    this.assertAlive();
    this.unfinished += 1;
    try {
      return await this.driver.run(statement);
    } finally {
      this.unfinished -= 1;
    }
  }

  /** Like `query`, for statements that return at most one row. */
  async queryOne<Result>(statement: Statement<Result>): Promise<Result | null> {
    return (await this.query(statement))[0] ?? null;
  }

  repository<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): WorkspaceRepository<Entity> {
    this.assertAlive();
    return new WorkspaceRepository(this.driver.table(entity), (statement) => this.query(statement));
  }

  /** Runs `step` behind all business writes, just before COMMIT, so that the rows that everybody locks are held shortest. */
  beforeCommit(when: LastStep, step: () => Promise<void>): void {
    this.assertAlive();
    this.deferred[when].push(step);
  }

  /** Runs `then` once the transaction is durable. Not run when it rolls back. */
  afterCommit(then: () => void): void {
    this.assertAlive();
    this.onCommit.push(then);
  }

  /** Publishes a hint once the transaction is durable. Throws when the Database was opened without a way for hints. */
  hintAfterCommit(channel: string, message: string): void {
    const { hints } = this.driver;
    if (!hints) throw new Error('This Database was opened without `hints`, and nobody would hear of what it commits.');
    this.afterCommit(() => hints.publish(channel, message));
  }

  /** For Database alone: the steps of `beforeCommit`, in lock order. */
  async finish(): Promise<void> {
    this.assertAlive();
    for (const step of Object.keys(lastSteps) as LastStep[]) {
      for (const run of this.deferred[step]) await run();
    }
  }

  /** For Database alone: closes the handle and tells how many statements were still under way. */
  end(): number {
    this.ended = true;
    return this.unfinished;
  }

  /** For Database alone. */
  committed(): void {
    for (const then of this.onCommit) then();
  }

  private assertAlive(): void {
    if (this.ended) {
      throw new Error('This transaction has ended. Await every statement inside the work that withWorkspace runs.');
    }
  }
}
