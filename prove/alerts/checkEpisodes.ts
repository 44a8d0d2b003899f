import type pg from 'pg';
import type { Episode, Episodes } from './Episodes.ts';

/** Rules by their bare uuid, with the name that episodes are drawn by. */
export type RuleNames = ReadonlyMap<string, string>;

/** What is wrong with what was written of episodes; nothing when each fired once and ended once, at its very ticks. */
export async function checkEpisodes(
  admin: pg.Client,
  episodes: Episodes,
  rules: RuleNames,
  groups: readonly string[],
): Promise<string[]> {
  const faults: string[] = [];
  const alerts = await admin.query<{ fingerprint: string; first_seen_at: Date; resolved_at: Date | null }>(
    'select fingerprint, first_seen_at, resolved_at from alert order by first_seen_at, created_at',
  );
  const found = Map.groupBy(alerts.rows, ({ fingerprint }) => fingerprint);
  for (const [id, rule] of rules) {
    for (const group of groups) {
      const fingerprint = `rule:${id}:${group}`;
      const seen = (found.get(fingerprint) ?? []).map(({ first_seen_at: from, resolved_at: to }) => spell(from, to));
      const wanted = episodes
        .of(rule, group)
        .map(({ begins, ends }: Episode) => spell(new Date(begins), new Date(ends)));
      faults.push(...differences(fingerprint, wanted, seen));
      found.delete(fingerprint);
    }
  }
  for (const fingerprint of found.keys()) faults.push(`${fingerprint} has an alert that nothing raised`);
  const events = await admin.query<{ alert: string; fingerprint: string; types: string[] }>(
    `select e.payload ->> 'alertId' as alert, a.fingerprint, array_agg(e.type order by e.seq) as types
     from event e join alert a on a.workspace_id = e.workspace_id and a.id = (e.payload ->> 'alertId')::uuid
     where e.stream_id = 'alerts' and e.type in ('alert.fired', 'alert.resolved') group by 1, 2`,
  );
  if (events.rows.length !== alerts.rows.length)
    faults.push(`${alerts.rows.length} alerts, and events of ${events.rows.length}`);
  for (const { fingerprint, types } of events.rows) {
    if (types.join() !== 'alert.fired,alert.resolved') faults.push(`${fingerprint} was told as ${types.join()}`);
  }
  // In the order in which they were written: an evaluator that was overtaken may write of a tick that another alert had its time at.
  const open = await admin.query<{ fingerprint: string }>(
    `select distinct fingerprint from (
       select a.fingerprint, sum(case e.type when 'alert.resolved' then -1 else 1 end)
         over (partition by a.workspace_id, a.fingerprint order by e.seq) as open
       from event e join alert a on a.workspace_id = e.workspace_id and a.id = (e.payload ->> 'alertId')::uuid
       where e.stream_id = 'alerts' and e.type in ('alert.fired', 'alert.reopened', 'alert.resolved')
     ) told where open > 1`,
  );
  for (const { fingerprint } of open.rows) faults.push(`${fingerprint} had two open alerts at once`);
  return faults;
}

function spell(from: Date, to: Date | null): string {
  return `${from.toISOString()} – ${to?.toISOString() ?? 'open'}`;
}

function differences(fingerprint: string, wanted: readonly string[], seen: readonly string[]): string[] {
  const left = [...seen];
  const lost = wanted.filter((episode) => {
    const index = left.indexOf(episode);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  return [
    ...lost.map((episode) => `${fingerprint} has no alert of ${episode}`),
    ...left.map((episode) => `${fingerprint} has an alert too many: ${episode}`),
  ];
}
