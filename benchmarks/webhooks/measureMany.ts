import { printTable, quantile } from '@tributary/kit/measure';
import { ProofWorld } from '../../prove/webhooks/ProofWorld.ts';
import { documentOf, latency } from './events.ts';

const [many, pages, shots] = [1_000, 20, 3];

/**
 * Of 1,000 webhooks on one event, with 20 documents between them and with one for each. They are copies of one webhook, more than a workspace may
 * have, and have no secret to sign with.
 */
export async function measureMany(): Promise<void> {
  await using world = await ProofWorld.start();
  const rows = [];
  for (const distinct of [pages, many]) {
    const names = `many${distinct}`;
    await world.webhook(names, { document: documentOf(names) });
    const url = new URL(world.receiver.urlOf('', 0));
    await world.query(
      `with copies as (
         insert into webhook (workspace_id, id, name, url, document, variables, stream, log, cost_per_event, format, signing, max_batch,
           max_per_second, owner_kind, owner_id, status, ordering)
         select workspace_id, gen_random_uuid(), $1 || '-' || n, 'http://127.1.' || n / 250 || '.' || 1 + n % 250 || ':' || $2 || '/' || $1 || '-' || n,
           replace(document, 'subscription', 'subscription s' || n % $3::int), variables, stream, log, cost_per_event, format, signing, max_batch,
           max_per_second, owner_kind, owner_id, status, ordering
         from webhook, generate_series(1, $4::int) n where name = $1
         returning workspace_id, id)
       insert into webhook_position (workspace_id, webhook_id, replay_id, log, active, seq, cursor, from_seq)
       select c.workspace_id, c.id, p.replay_id, p.log, true, p.seq, p.cursor, p.seq
       from copies c, webhook_position p join webhook w on w.workspace_id = p.workspace_id and w.id = p.webhook_id
       where w.name = $1 and p.active`,
      [names, url.port, distinct, many - 1],
    );
    const took: number[] = [];
    for (let shot = 1; shot <= shots; shot += 1) {
      const before = world.receiver.received.length;
      await world.happen(names, 1);
      await world.until('all have it', () => world.receiver.received.length >= before + many, 120_000);
      // The first one warms caches up, and is not counted.
      if (shot > 1) took.push(...world.receiver.received.slice(before).map(latency));
    }
    rows.push({
      '1,000 webhooks on one event': `${distinct} documents`,
      'p50 ms': quantile(took, 0.5),
      'p99 ms': quantile(took, 0.99),
    });
    await world.query(`delete from webhook where name like $1`, [`${names}%`]);
  }
  printTable(rows);
}
