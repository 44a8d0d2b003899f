-- What PostGraphile's users would add to answer the page: relations by smart tags (server.mjs), and computed columns for the rest, in a schema
-- of their own. All run as the caller, under row-level security.
create schema peer;
grant usage on schema peer to app;

create type peer.figures as (
  requests bigint, error_rate float8, cost_usd float8, p50 float8, p95 float8, p99 float8, longest float8
);
create type peer.person as (user_id text, display_name text);

-- The value of a bin of durations, in ms: bins are 2 % wide.
create function peer.bin_value(bin smallint) returns float8 language sql immutable as $$
  select case when bin = -32768 then 0 else 2 * power(1.02::float8, bin) / 2.02 end
$$;

create function peer.flow_figures(flow public.flow) returns peer.figures language sql stable as $$
  with total as (
    select * from public.trace_flow t where t.workspace_id = flow.workspace_id and t.flow_id = 'flow_' || flow.id
  ), ranked as (
    select peer.bin_value(u.bin) as value, sum(u.number) over (order by u.bin) as behind, sum(u.number) over () - 1 as last
    from total t cross join lateral unnest(t.bins, t.counts) as u (bin, number)
  ), quantile as (
    select share, min(value) filter (where behind > floor(share * last)) as low, min(value) filter (where behind > ceil(share * last)) as high,
      min(share * last - floor(share * last)) as part
    from ranked cross join unnest(array[0.5, 0.95, 0.99]::float8[]) as share group by share
  ), latency as (
    select min(low + (high - low) * part) filter (where share = 0.5) as p50, min(low + (high - low) * part) filter (where share = 0.95) as p95,
      min(low + (high - low) * part) filter (where share = 0.99) as p99
    from quantile
  )
  select coalesce(t.requests, 0), t.errors::float8 / nullif(t.requests, 0), coalesce(t.cost_nano * 0.000000001, 0)::float8,
    least(t.duration_max, l.p50), least(t.duration_max, l.p95), least(t.duration_max, l.p99), t.duration_max
  from latency l left join total t on true
$$;

create function peer.flow_asset_count(flow public.flow) returns int language sql stable as $$
  select coalesce(sum(c.change), 0)::int from public.asset_flow_count c where c.workspace_id = flow.workspace_id and c.flow_id = flow.id
$$;

create function peer.flow_creator(flow public.flow) returns peer.person language sql stable as $$
  select m.user_id::text, m.display_name from public.member m
  where flow.created_by_kind = 'user' and m.workspace_id = flow.workspace_id and m.user_id = flow.created_by_id::uuid
$$;

create function peer.asset_connections(asset public.asset) returns setof public.asset_dependency language sql stable as $$
  select d.* from (
    select 0 as side, o.to_id as other_id, o from public.asset_dependency o where o.workspace_id = asset.workspace_id and o.from_id = asset.id
    union all
    select 1, i.from_id, i from public.asset_dependency i where i.workspace_id = asset.workspace_id and i.to_id = asset.id
  ) sides cross join lateral (select (sides.o).*) d order by sides.side, sides.other_id, d.kind
$$;
