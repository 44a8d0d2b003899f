import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Two look-ups take two statements for what was one: Citus changes no account by what is joined from the tables of workspaces, and looks
 * for nothing row by row behind a page.
 */
export class LookupsInTwoSteps0065 implements MigrationInterface {
  readonly name = 'LookupsInTwoSteps1763700000065';

  async up(runner: QueryRunner): Promise<void> {
    await sayAnew(
      runner,
      firstPassword,
      `declare invited uuid;
       begin
         select a.id into invited from public.invitation i join public.account a on a.email = lower(i.email)
         where i.token_hash = invitation_hash and i.accepted_at is null and i.expires_at > now() and i.revoked_at is null;
         return query update public.account a set password_hash = new_password_hash, updated_at = now()
           where a.id = invited and a.password_hash is null returning a.id;
       end`,
    );
    await sayAnew(
      runner,
      oldEvents,
      `declare
         workspaces uuid[];
         streams text[];
         firsts bigint[];
         old bigint[];
       begin
         select array_agg(h.workspace_id order by h.workspace_id, h.stream_id), array_agg(h.stream_id order by h.workspace_id, h.stream_id),
           array_agg(h.min_seq order by h.workspace_id, h.stream_id)
         into workspaces, streams, firsts from (
           select s.workspace_id, s.stream_id, s.min_seq from public.stream_head s
           where (s.workspace_id, s.stream_id) > (after_workspace, after_stream collate "C")
           order by s.workspace_id, s.stream_id limit page
         ) h;
         select array_agg(l.n) into old from unnest(workspaces, streams, firsts) with ordinality as l (workspace_id, stream_id, min_seq, n)
         join public.event e on e.workspace_id = l.workspace_id and e.stream_id = l.stream_id collate "C" and e.seq = l.min_seq
         where e.at < before;
         return query select workspaces[n], streams[n], coalesce(n = any (old), false) from generate_series(1, cardinality(workspaces)) as n
           where n = any (old) or n = cardinality(workspaces) order by n;
       end`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await sayAnew(
      runner,
      firstPassword,
      `begin return query update public.account a set password_hash = new_password_hash, updated_at = now()
         from public.invitation i
         where i.token_hash = invitation_hash and i.accepted_at is null and i.expires_at > now() and i.revoked_at is null
           and a.email = lower(i.email) and a.password_hash is null
         returning a.id; end`,
    );
    await sayAnew(
      runner,
      oldEvents,
      `begin return query with looked as (
           select h.workspace_id, h.stream_id, h.min_seq, row_number() over (order by h.workspace_id, h.stream_id) as n
           from public.stream_head h where (h.workspace_id, h.stream_id) > (after_workspace, after_stream collate "C")
           order by h.workspace_id, h.stream_id limit page
         ), judged as (
           select l.workspace_id, l.stream_id, l.n, exists (
             select from public.event e where e.workspace_id = l.workspace_id and e.stream_id = l.stream_id and e.seq = l.min_seq and e.at < before
           ) as is_old from looked l
         )
         select j.workspace_id, j.stream_id, j.is_old from judged j
         where j.is_old or j.n = (select max(n) from judged) order by j.n; end`,
    );
  }
}

const firstPassword = {
  signature: 'set_first_password(invitation_hash bytea, new_password_hash text)',
  returns: 'table (account_id uuid)',
  volatility: 'volatile',
};
const oldEvents = {
  signature: 'streams_with_old_events(before timestamptz, after_workspace uuid, after_stream text, page integer)',
  returns: 'table (workspace_id uuid, stream_id text, is_old boolean)',
  volatility: 'stable',
};

/** Owner, rights and name of a function stay when its body is replaced. */
async function sayAnew(runner: QueryRunner, of: typeof firstPassword, body: string): Promise<void> {
  await runner.query(
    `create or replace function lookup.${of.signature} returns ${of.returns} language plpgsql ${of.volatility}
     security definer set search_path = '' as $body$
     #variable_conflict use_column
     ${body} $body$`,
  );
}
