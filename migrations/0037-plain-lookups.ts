import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lookupBody } from '@tributary/data';

/** Every look-up with parameters is PL/pgSQL, and no column's default differs from row to row: Citus refuses both otherwise. */
export class PlainLookups0037 implements MigrationInterface {
  readonly name = 'PlainLookups1763700000037';

  async up(runner: QueryRunner): Promise<void> {
    const lookups = (await runner.query(
      `select p.proname as name, pg_get_function_arguments(p.oid) as arguments, pg_get_function_result(p.oid) as returns,
         p.prosrc as body, case p.provolatile when 'v' then 'volatile' else 'stable' end as volatility
       from pg_proc p join pg_language l on l.oid = p.prolang
       where p.pronamespace = 'lookup'::regnamespace and l.lanname = 'sql' and p.pronargs > 0`,
    )) as { name: string; arguments: string; returns: string; body: string; volatility: string }[];
    for (const { name, arguments: taken, returns, body, volatility } of lookups)
      await runner.query(
        `create or replace function lookup.${name}(${taken}) returns ${returns} language plpgsql ${volatility}
         security definer set search_path = '' as $body$ ${lookupBody(returns.toLowerCase(), body)} $body$`,
      );
    for (const table of ['event', 'revocation'])
      await runner.query(`alter table ${table} alter column at set default statement_timestamp()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    // The look-ups answer the same in either language.
    for (const table of ['event', 'revocation'])
      await runner.query(`alter table ${table} alter column at set default clock_timestamp()`);
  }
}
