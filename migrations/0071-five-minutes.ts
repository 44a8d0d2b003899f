import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Days of traces that are also rolled up by five minutes, one dimension at a time. */
export class FiveMinutes0071 implements MigrationInterface {
  readonly name = 'FiveMinutes1763700000071';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table trace_day drop constraint trace_day_grain_check');
    await runner.query(
      `alter table trace_day add constraint trace_day_grain_check check (grain in ('RAW', 'NARROW', 'HOUR', 'FIVE_MINUTES'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    // Their hours are rolled up as those of other days; cells of five minutes are read by nobody then.
    await runner.query('alter table trace_day no force row level security');
    await runner.query(`update trace_day set grain = 'HOUR' where grain = 'FIVE_MINUTES'`);
    await runner.query('alter table trace_day force row level security');
    await runner.query('alter table trace_cell no force row level security');
    await runner.query('delete from trace_cell where level = 2');
    await runner.query('alter table trace_cell force row level security');
    await runner.query('alter table trace_day drop constraint trace_day_grain_check');
    await runner.query(
      `alter table trace_day add constraint trace_day_grain_check check (grain in ('RAW', 'NARROW', 'HOUR'))`,
    );
  }
}
