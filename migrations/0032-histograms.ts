import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Two histograms of durations as one: their bins, and how many durations are in each. */
export class Histograms0032 implements MigrationInterface {
  readonly name = 'Histograms1763700000032';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create function merged_bins(one smallint[], other smallint[]) returns smallint[] language sql immutable parallel safe as $body$
         select array(select unnest(one) union select unnest(other) order by 1)
       $body$`,
    );
    await runner.query(
      `create function merged_counts(one smallint[], one_counts integer[], other smallint[], other_counts integer[])
       returns integer[] language sql immutable parallel safe as $body$
         select array(select sum(entry.number)::integer from (
           select * from unnest(one, one_counts) union all select * from unnest(other, other_counts)
         ) as entry (bin, number) group by entry.bin order by entry.bin)
       $body$`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function merged_counts(smallint[], integer[], smallint[], integer[])');
    await runner.query('drop function merged_bins(smallint[], smallint[])');
  }
}
