import { setTimeout as delay } from 'node:timers/promises';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { LoggedEvent } from '@tributary/events';
import { rollUp } from '@tributary/subgraph-metrics/rollups';

type Handle = (transaction: WorkspaceTransaction, events: readonly LoggedEvent[]) => Promise<void>;

/** A roll-up with one rule taken away. The proof must find figures that differ, or traces that are missing. */
export interface Break {
  readonly name: string;
  readonly sql?: readonly string[];
  readonly handle?: (database: Database) => Handle;
  /** Remembers series before COMMIT. */
  readonly remembersEarly?: true;
  /** Numbers batches by this when their transaction begins, in whatever order they commit. */
  readonly numberedBy?: string;
}

const numbersByBeginning = [
  'create sequence early',
  'grant usage on sequence early to app',
  `create function number_early() returns trigger language plpgsql as $$ begin
     new.seq := current_setting('proof.number')::bigint; return new; end $$`,
  'create trigger number_early before insert on event for each row execute function number_early()',
  // The head must be behind none of these numbers.
  `insert into stream_head (workspace_id, stream_id, last_seq) select workspace_id, 'traces', 9000000000000000 from workspace`,
];

export const brokenRollups: readonly Break[] = [
  { name: 'series remembered before COMMIT', remembersEarly: true },
  { name: 'batches numbered by a sequence', sql: numbersByBeginning, numberedBy: `nextval('early')` },
  {
    name: 'batches numbered by the time',
    sql: numbersByBeginning,
    numberedBy: '(extract(epoch from clock_timestamp()) * 1000000)::bigint',
  },
  {
    name: 'the place moved in another transaction',
    handle:
      (database) =>
      async ({ workspaceId }, events) => {
        await database.withWorkspace({ workspaceId }, (other) => rollUp(other, events));
        await delay(50);
      },
  },
  {
    name: 'sealed days that late traces do not open',
    sql: [
      `create function stay_sealed() returns trigger language plpgsql as $$ begin
         new.is_sealed := old.is_sealed or new.is_sealed; return new; end $$`,
      'create trigger stay_sealed before update on trace_day for each row execute function stay_sealed()',
      'create function keep_cells() returns trigger language plpgsql as $$ begin return null; end $$',
      'create trigger keep_cells before delete on trace_day_cell for each row execute function keep_cells()',
    ],
  },
  {
    name: 'five minutes that count one too many',
    sql: [
      `create function one_more() returns trigger language plpgsql as $$ begin
         if new.level = 2 then new.requests := new.requests + 1; end if; return new; end $$`,
      'create trigger one_more before insert on trace_cell for each row execute function one_more()',
    ],
  },
];
