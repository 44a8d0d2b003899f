import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Totals of sessions and flows may be made anew: the ones that are there are taken away first. */
export class TotalsAnew0057 implements MigrationInterface {
  readonly name = 'TotalsAnew1763700000057';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('grant delete on trace_session, trace_flow to app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('revoke delete on trace_session, trace_flow from app');
  }
}
