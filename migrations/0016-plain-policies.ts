import type { MigrationInterface, QueryRunner } from 'typeorm';

const plain = `nullif(current_setting('app.workspace_id', true), '')::uuid`;
const asSubselect = `(select ${plain})`;

/**
 * Every tenant policy becomes the plain expression, one form on every engine: Citus refuses subselects in policies. PostgreSQL makes a
 * one-time filter of both where a statement says workspace_id = $1.
 */
export class PlainPolicies0016 implements MigrationInterface {
  readonly name = 'PlainPolicies1763700000016';

  async up(runner: QueryRunner): Promise<void> {
    await sayAnew(runner, plain);
  }

  async down(runner: QueryRunner): Promise<void> {
    await sayAnew(runner, asSubselect);
  }
}

async function sayAnew(runner: QueryRunner, bound: string): Promise<void> {
  const tables = (await runner.query(
    `select p.polrelid::regclass::text as name from pg_policy p join pg_class c on c.oid = p.polrelid
     where p.polname = 'tenant' and c.relnamespace = 'public'::regnamespace order by 1`,
  )) as { name: string }[];
  for (const { name } of tables)
    await runner.query(
      `alter policy tenant on ${name} using (workspace_id = ${bound}) with check (workspace_id = ${bound})`,
    );
}
