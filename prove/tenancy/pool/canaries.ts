import pg from 'pg';
import { newUuid } from '@tributary/kernel';

const rowsOfWorkspace = 3;

/** A table whose rows say whose they are, behind the policy of every table. */
export class Canaries implements AsyncDisposable {
  readonly workspaces: readonly string[];
  private readonly admin: pg.Client;

  private constructor(admin: pg.Client, workspaces: readonly string[]) {
    this.admin = admin;
    this.workspaces = workspaces;
  }

  static async plant(superuserUrl: string, workspaces: number): Promise<Canaries> {
    const admin = new pg.Client({ connectionString: superuserUrl });
    await admin.connect();
    const ids = Array.from({ length: workspaces }, () => newUuid());
    const bound = `nullif(current_setting('app.workspace_id', true), '')::uuid`;
    await admin.query(`
      set role owner;
      create table canary (workspace_id uuid not null, id uuid not null default gen_random_uuid(), body text not null, primary key (workspace_id, id));
      alter table canary enable row level security;
      alter table canary force row level security;
      create policy tenant on canary using (workspace_id = ${bound}) with check (workspace_id = ${bound});
      grant select, insert on canary to app;
      reset role`);
    await admin.query(
      `insert into canary (workspace_id, body) select w, w::text from unnest($1::uuid[]) w, generate_series(1, $2)`,
      [ids, rowsOfWorkspace],
    );
    return new Canaries(admin, ids);
  }

  /** As somebody at the server does it. */
  async cancel(backend: number): Promise<void> {
    await this.admin.query('select pg_cancel_backend($1)', [backend]);
  }

  /** Rows that were written under another workspace than the one that meant to write them. */
  async misplaced(): Promise<number> {
    const { rows } = await this.admin.query<{ n: number }>(
      'select count(*)::int as n from canary where body <> workspace_id::text',
    );
    return rows[0]!.n;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.end();
  }
}
