import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who invited somebody: the page that the link leads to says it. */
export class Inviter0046 implements MigrationInterface {
  readonly name = 'Inviter1763700000046';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table invitation
         add column invited_by_kind text check (invited_by_kind in ('user', 'apiKey', 'system')),
         add column invited_by_id text`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table invitation drop column invited_by_kind, drop column invited_by_id');
  }
}
