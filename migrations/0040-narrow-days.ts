import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Days of traces that are rolled up by the hour, by one dimension at a time. */
export class NarrowDays0040 implements MigrationInterface {
  readonly name = 'NarrowDays1763700000040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table trace_day drop constraint trace_day_grain_check');
    await runner.query(
      `alter table trace_day add constraint trace_day_grain_check check (grain in ('RAW', 'NARROW', 'HOUR'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    // Their hour cells are read by nobody then: their traces are.
    await runner.query('alter table trace_day no force row level security');
    await runner.query(`update trace_day set grain = 'RAW' where grain = 'NARROW'`);
    await runner.query('alter table trace_day force row level security');
    await runner.query('alter table trace_day drop constraint trace_day_grain_check');
    await runner.query(`alter table trace_day add constraint trace_day_grain_check check (grain in ('RAW', 'HOUR'))`);
  }
}
