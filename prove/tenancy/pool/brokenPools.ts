import pg from 'pg';
import { boundValues } from '@tributary/data';
import type { Statement } from '@tributary/data';
import type { ProvenPool } from './ProvenPool.ts';

const bindSession = `select set_config('app.workspace_id', $1, false)`;

/** What many would write first: the workspace is set on the session, and whoever gets the connection next sets it anew, on some connection. */
export function sessionSettingPool(url: string, connections: number): ProvenPool & { close(): Promise<void> } {
  const pool = openPool(url, connections);
  const send = async <Result>(statement: Statement<Result>, workspaceId: string): Promise<Result[]> =>
    (await pool.query<Record<string, unknown>>(statement.text, boundValues(statement, workspaceId))).rows.map((row) =>
      mapped(statement, row),
    );
  return {
    async withWorkspace({ workspaceId }, work) {
      await pool.query(bindSession, [workspaceId]);
      return work({ query: (statement) => send(statement, workspaceId) });
    },
    async readBatch({ workspaceId }, statements) {
      await pool.query(bindSession, [workspaceId]);
      return Promise.all(statements.map((statement) => send(statement, workspaceId)));
    },
    close: () => pool.end(),
  };
}

/** Binds each transaction as it should, but a handle does not die with its work. */
export function undyingHandlePool(url: string, connections: number): ProvenPool & { close(): Promise<void> } {
  const pool = openPool(url, connections);
  const withWorkspace: ProvenPool['withWorkspace'] = async ({ workspaceId }, work) => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query(`select set_config('app.workspace_id', $1, true)`, [workspaceId]);
      const result = await work({
        query: async (statement) =>
          (await client.query<Record<string, unknown>>(statement.text, boundValues(statement, workspaceId))).rows.map(
            (row) => mapped(statement, row),
          ),
      });
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  };
  return {
    withWorkspace,
    readBatch: (scope, statements) =>
      withWorkspace(scope, async (handle) => {
        const results: unknown[][] = [];
        for (const statement of statements) results.push(await handle.query(statement));
        return results;
      }),
    close: () => pool.end(),
  };
}

/** Statements of the proof keep nothing encrypted. */
function mapped<Result>(statement: Statement<Result>, row: Record<string, unknown>): Result {
  return statement.map(row, null as never);
}

function openPool(url: string, connections: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  pool.on('error', () => undefined);
  return pool;
}
