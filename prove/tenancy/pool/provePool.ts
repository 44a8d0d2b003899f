import { setTimeout as delay } from 'node:timers/promises';
import { CodedError, isCodedError } from '@tributary/contracts/errors';
import { Deadline } from '@tributary/kernel';
import { unfilteredSql } from '@tributary/data';
import { Random } from '@tributary/kit';
import type { Canaries } from './canaries.ts';
import type { Handle, ProvenPool } from './ProvenPool.ts';

export interface PoolProofOptions {
  readonly pool: ProvenPool;
  readonly canaries: Canaries;
  readonly seed: number;
  readonly transactions: number;
  /** How many are under way at once. */
  readonly atOnce: number;
  /** Breaks every connection now and then; absent: nobody does. */
  readonly cut?: () => Promise<void>;
  /** Transactions between two cuts. */
  readonly cutEvery?: number;
}

export interface PoolFigures {
  transactions: number;
  committed: number;
  /** By what was done to them: refused, thrown, timed out, cancelled, not awaited, cut. */
  ended: Record<string, number>;
  cuts: number;
  /** Rows of another workspace that somebody read, and rows that came to lie in one. */
  foreignRows: number;
  /** Uses of a handle after its end, and those that were not refused. */
  lateUses: number;
  lateUsesTaken: number;
  /** Transactions that ended otherwise than they must. */
  surprises: string[];
}

// No statement says its workspace: only what is bound to the connection keeps them apart.
const readAll = unfilteredSql('proof.readAll', 'select workspace_id::text as workspace from canary');
const backend = unfilteredSql('proof.backend', 'select pg_backend_pid() as pid');
const sleep = (seconds: number) => unfilteredSql('proof.sleep', 'select pg_sleep($1)', [seconds]);
const write = (workspaceId: string) =>
  unfilteredSql(
    'proof.write',
    `insert into canary (workspace_id, body) values (nullif(current_setting('app.workspace_id', true), '')::uuid, $1) returning workspace_id::text as workspace`,
    [workspaceId],
  );
const fail = unfilteredSql('proof.fail', 'select 1 / 0');

const kinds = {
  read: 40,
  batch: 22,
  write: 20,
  throw: 6,
  refused: 4,
  'not awaited': 2,
  'not awaited and thrown': 2,
  kept: 3,
  late: 0.6,
  cancelled: 0.4,
};
type Kind = keyof typeof kinds;
/** Handles of ended work that somebody still holds. */
const maxKept = 200;

/**
 * Runs interleaved transactions of many workspaces over few connections, most of them in good order, and looks at every row that comes
 * back. Handles of ended work are kept and used later, while their connection serves somebody else.
 */
export async function provePool(options: PoolProofOptions): Promise<PoolFigures> {
  const { pool, canaries, transactions, atOnce } = options;
  const random = new Random(options.seed);
  const figures: PoolFigures = {
    transactions: 0,
    committed: 0,
    ended: {},
    cuts: 0,
    foreignRows: 0,
    lateUses: 0,
    lateUsesTaken: 0,
    surprises: [],
  };
  const kept: { handle: Handle; workspaceId: string }[] = [];
  let cutting: Promise<void> | null = null;

  const judge = (workspaceId: string, rows: readonly unknown[]): void => {
    for (const row of rows) if ((row as { workspace: string }).workspace !== workspaceId) figures.foreignRows += 1;
  };
  const useLate = async ({ handle, workspaceId }: { handle: Handle; workspaceId: string }): Promise<void> => {
    figures.lateUses += 1;
    try {
      const rows = await handle.query(readAll);
      figures.lateUsesTaken += 1;
      judge(workspaceId, rows);
    } catch {
      // Refused, as it must be.
    }
  };
  /** `handle` of work that has ended; until then its use is nobody's business but the work's. */
  const keep = (handle: Handle | undefined, workspaceId: string): void => {
    if (!handle) return;
    if (kept.length >= maxKept) kept.splice(random.between(0, maxKept - 1), 1);
    kept.push({ handle, workspaceId });
  };

  const run = async (kind: Kind, workspaceId: string, hold: (handle: Handle) => void): Promise<void> => {
    const scope = { workspaceId };
    switch (kind) {
      case 'read':
        return pool.withWorkspace(scope, async (handle) => judge(workspaceId, await handle.query(readAll)));
      case 'batch':
        for (const rows of await pool.readBatch(scope, [readAll, readAll])) judge(workspaceId, rows);
        return;
      case 'write':
        return pool.withWorkspace(scope, async (handle) => {
          judge(workspaceId, await handle.query(write(workspaceId)));
          judge(workspaceId, await handle.query(readAll));
        });
      case 'throw':
        return pool.withWorkspace(scope, async (handle) => {
          judge(workspaceId, await handle.query(write(workspaceId)));
          throw new CodedError('RESOURCE_CONFLICT', 'The work thought better of it.');
        });
      case 'refused':
        return pool.withWorkspace(scope, async (handle) => void (await handle.query(fail)));
      case 'not awaited':
      case 'not awaited and thrown':
        return pool.withWorkspace(scope, async (handle) => {
          for (const statement of [sleep(0.002), readAll])
            handle.query(statement).then(
              (rows) => statement === readAll && judge(workspaceId, rows),
              () => undefined,
            );
          hold(handle);
          if (kind !== 'not awaited') throw new CodedError('RESOURCE_CONFLICT', 'The work left its statements behind.');
        });
      case 'kept':
        return pool.withWorkspace(scope, async (handle) => {
          judge(workspaceId, await handle.query(readAll));
          hold(handle);
        });
      case 'late':
        return pool.withWorkspace({ workspaceId, deadline: Deadline.in(1 + random.next() * 15) }, async (handle) => {
          hold(handle);
          await handle.query(sleep(0.03));
          judge(workspaceId, await handle.query(readAll));
        });
      case 'cancelled':
        return pool.withWorkspace(scope, async (handle) => {
          const [row] = await handle.query(backend);
          const stopped = handle.query(sleep(0.2));
          // Awaited below; a cut may come first.
          stopped.catch(() => undefined);
          await canaries.cancel(row!['pid'] as number);
          await stopped;
        });
    }
  };

  const expected: Record<Kind, string | readonly string[]> = {
    read: 'done',
    batch: 'done',
    write: 'done',
    throw: 'RESOURCE_CONFLICT',
    refused: 'DATABASE_ERROR',
    'not awaited': 'not awaited',
    'not awaited and thrown': 'RESOURCE_CONFLICT',
    kept: 'done',
    late: 'SERVICE_UNAVAILABLE',
    // A cancel may arrive before there is something to cancel.
    cancelled: ['SERVICE_UNAVAILABLE', 'done'],
  };
  const worker = async (): Promise<void> => {
    while (figures.transactions < transactions) {
      figures.transactions += 1;
      const kind = random.weighted(kinds);
      const workspaceId = random.pick(canaries.workspaces);
      if (options.cut && figures.transactions % (options.cutEvery ?? 1_000) === 0 && !cutting) {
        figures.cuts += 1;
        cutting = options.cut().finally(() => (cutting = null));
      }
      let held: Handle | undefined;
      const outcome = await run(kind, workspaceId, (handle) => (held = handle)).then(() => 'done', nameOf);
      keep(held, workspaceId);
      if (outcome === 'done') figures.committed += 1;
      else figures.ended[kind] = (figures.ended[kind] ?? 0) + 1;
      // Whatever its connection was doing, it may have been cut.
      if (![expected[kind]].flat().includes(outcome) && !(options.cut && outcome === 'SERVICE_UNAVAILABLE'))
        figures.surprises.push(`${kind}: ${outcome}`);
      if (outcome === 'SERVICE_UNAVAILABLE') await delay(random.next() * 4);
      if (kept.length > 0 && random.next() < 0.2) await useLate(random.pick(kept));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await Promise.resolve(cutting);
  figures.foreignRows += await canaries.misplaced();
  return figures;
}

function nameOf(error: unknown): string {
  if (isCodedError(error)) return error.code;
  const text = error instanceof Error ? error.message : String(error);
  return text.includes('Await every statement') ? 'not awaited' : text;
}
