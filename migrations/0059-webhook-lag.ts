import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when a webhook is far behind its stream, so that it is told once. */
export class WebhookLag0059 implements MigrationInterface {
  readonly name = 'WebhookLag1763700000059';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table webhook add column lagging_since timestamptz(3)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table webhook drop column lagging_since');
  }
}
