import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks whose messages wait for those of the same flow or alert alone, or for none, and such as speak as Alertmanager does. */
export class WebhookOrdering0054 implements MigrationInterface {
  readonly name = 'WebhookOrdering1763700000054';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table webhook add column ordering text not null default 'STREAM' check (ordering in ('STREAM', 'ENTITY', 'NONE'))`,
    );
    await runner.query('alter table webhook drop constraint webhook_format_check');
    await runner.query(
      `alter table webhook add constraint webhook_format_check check (format in ('STANDARD', 'CLOUDEVENTS', 'ALERTMANAGER'))`,
    );
    // Numbers behind seq that were taken already, and those that wait to be tried again: { seq, refusals, dueAt }.
    await runner.query(
      `alter table webhook_position add column done_seqs bigint[] not null default '{}', add column waiting jsonb not null default '[]'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table webhook_position drop column done_seqs, drop column waiting');
    await runner.query('alter table webhook drop constraint webhook_format_check');
    await runner.query(
      `alter table webhook add constraint webhook_format_check check (format in ('STANDARD', 'CLOUDEVENTS')) not valid`,
    );
    await runner.query('alter table webhook drop column ordering');
  }
}
