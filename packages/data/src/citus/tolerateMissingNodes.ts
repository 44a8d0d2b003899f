import type pg from 'pg';

/**
 * Look-ups across workspaces ask all nodes, so one that is away would end sign-in and background work of everybody. Here each of them gets a
 * second way: where a node does not answer, every node is asked by itself, and what the others know is the answer, with a notice (SQLSTATE
 * 01P01). `found`: who asks for one thing must not take an answer without it for "there is none", so that fails with 08006, as before.
 */
type Tolerance = 'reachable' | 'found';

function toleranceOf(name: string): Tolerance | null {
  if (/_by_(hash|key_id|slug)$|_of_account$/.test(name)) return 'found';
  if (/^(due|lost|expired|suspended)_|^streams?_(heads|behind|with_news)$|^workspaces_with_|_since$/.test(name))
    return 'reachable';
  // Sweeps and proofs go through all workspaces, and what they leave out would count as done.
  return null;
}

interface Lookup {
  readonly name: string;
  /** As `create function` takes it. */
  readonly arguments: string;
  readonly returns: string;
  readonly volatility: string;
  readonly body: string;
  readonly taken: readonly { readonly name: string; readonly type: string }[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** Gives every look-up that has one its second way. A migration that says a look-up anew takes it away until the next run of this. */
export async function tolerateMissingNodes(admin: pg.Client): Promise<void> {
  for (const text of house) await admin.query(text);
  for (const lookup of await readLookups(admin)) {
    const tolerance = toleranceOf(lookup.name);
    const query = /\bbegin return query (.*); end\s*$/s.exec(lookup.body)?.[1] ?? sqlQuery(lookup.body);
    const answersWorkspaces = lookup.columns.some(({ name }) => name === 'workspace_id');
    if (tolerance === null || query === null || !answersWorkspaces) continue;
    await admin.query(
      `create or replace function lookup.${lookup.name}(${lookup.arguments}) returns ${lookup.returns}
       language plpgsql ${lookup.volatility} security definer set search_path = '' as $body$ ${secondWay(lookup, query, tolerance)} $body$`,
    );
  }
}

/** A body in SQL, which functions without parameters have. */
function sqlQuery(body: string): string | null {
  return /^\s*select\b/i.test(body) ? body.trim() : null;
}

function secondWay(lookup: Lookup, query: string, tolerance: Tolerance): string {
  const { taken, columns } = lookup;
  const template = taken.reduce(
    (text, { name, type }, index) => text.replace(new RegExp(`\\b${name}\\b`, 'g'), `%${index + 1}$L::${type}`),
    query.replaceAll('%', '%%'),
  );
  const values = taken.map(({ name }) => `, ${name}`).join('');
  // A function's columns are its query's by their places, whatever that calls them.
  const named = columns.map(({ name }) => `"${name}"`).join(', ');
  const record = columns.map(({ name, type }) => `"${name}" ${type}`).join(', ');
  const most = taken.some(({ name }) => name === 'most') ? ' limit most' : '';
  return `${marker}
#variable_conflict use_column
begin
  return query ${query};
exception when connection_failure then
  return query select r.* from nodes.ask(format($text$select * from (${template}) answer (${named})$text$${values}), ${tolerance === 'found'}) as given (answer)
    cross join lateral jsonb_to_record(given.answer) as r (${record})${most};
end`;
}

const marker = '-- also without all nodes';

async function readLookups(admin: pg.Client): Promise<Lookup[]> {
  const { rows } = await admin.query<Lookup>(
    `select p.proname as name, pg_get_function_arguments(p.oid) as arguments, pg_get_function_result(p.oid) as returns, p.prosrc as body,
       case p.provolatile when 'v' then 'volatile' else 'stable' end as volatility,
       coalesce((select jsonb_agg(jsonb_build_object('name', p.proargnames[n], 'type', format_type(t, null)) order by n)
         from unnest(p.proargtypes) with ordinality as a (t, n)), '[]') as taken,
       coalesce((select jsonb_agg(jsonb_build_object('name', p.proargnames[n], 'type', format_type(t, null)) order by n)
         from unnest(p.proallargtypes, p.proargmodes) with ordinality as a (t, m, n) where m = 't'), '[]') as columns
     from pg_proc p where p.pronamespace = 'lookup'::regnamespace and p.prosrc not like '%${marker}%' order by 1`,
  );
  return rows;
}

/** Role resolver asks the shards of each node under its own rights: what a look-up may not read, this may not either. */
const house = [
  'create schema if not exists nodes authorization owner',
  'grant usage on schema nodes to resolver',
  `create or replace function nodes.ask(query text, needed boolean) returns setof jsonb
   language plpgsql volatile set search_path = '' as $body$
   declare
     tables name[] := array(select c.relname from pg_catalog.pg_dist_partition d join pg_catalog.pg_class c on c.oid = d.logicalrelid
       where c.relnamespace = 'public'::regnamespace and query ~ ('\\mpublic\\.' || c.relname || '\\M'));
     node record;
     part record;
     text_of_part text;
     parts text[];
     table_name name;
     given record;
     missing int := 0;
     found int := 0;
     answer jsonb;
   begin
     for node in select n.groupid, n.nodename, n.nodeport from pg_catalog.pg_dist_node n
       where n.isactive and n.noderole = 'primary' and n.shouldhaveshards loop
       parts := '{}';
       for part in select s.shardminvalue from pg_catalog.pg_dist_shard s join pg_catalog.pg_dist_placement p on p.shardid = s.shardid
         where s.logicalrelid = 'public.workspace'::regclass and p.groupid = node.groupid loop
         text_of_part := query;
         foreach table_name in array tables loop
           text_of_part := pg_catalog.regexp_replace(text_of_part, '\\mpublic\\.' || table_name || '\\M', (
             select format('public.%I', table_name || '_' || s.shardid) from pg_catalog.pg_dist_shard s
             where s.logicalrelid = format('public.%I', table_name)::regclass
               and (s.shardminvalue = part.shardminvalue or s.shardminvalue is null)), 'g');
         end loop;
         parts := parts || format('select to_jsonb(q) as answer from (%s) q', text_of_part);
       end loop;
       continue when cardinality(parts) = 0;
       select r.success, r.result into given from master_run_on_worker(array[node.nodename], array[node.nodeport],
         array[format('select coalesce(jsonb_agg(answer), ''[]'') from (%s) every', array_to_string(parts, ' union all '))], true) r;
       if not given.success then
         if given.result !~* 'connect|terminat|shutting down|starting up' then
           raise exception 'A node refused to look: %', given.result;
         end if;
         missing := missing + 1;
         continue;
       end if;
       for answer in select e from jsonb_array_elements(given.result::jsonb) e loop
         found := found + 1;
         return next answer;
       end loop;
     end loop;
     if missing > 0 and needed and found = 0 then
       raise exception 'A node of the database is away, and what was asked for may be there' using errcode = 'connection_failure';
     end if;
     if missing > 0 then
       raise notice 'a node of the database is away' using errcode = '01P01';
     end if;
   end $body$`,
  'revoke all on function nodes.ask(text, boolean) from public',
  'grant execute on function nodes.ask(text, boolean) to resolver',
  // For health: which workers do not answer now.
  `create or replace function lookup.missing_nodes() returns table (node text)
   language plpgsql volatile security definer set search_path = '' as $body$
   begin
     return query select format('%s:%s', n.nodename, n.nodeport) from pg_catalog.pg_dist_node n
       cross join lateral master_run_on_worker(array[n.nodename], array[n.nodeport], array['select 1'], true) r
       where n.isactive and n.noderole = 'primary' and n.shouldhaveshards and not r.success order by 1;
   end $body$`,
  'alter function lookup.missing_nodes() owner to resolver',
  'revoke all on function lookup.missing_nodes() from public',
  'grant execute on function lookup.missing_nodes() to app, worker',
];
