import { printTable, quantile, steadily } from '@tributary/kit/measure';
import { ProofWorld } from '../../prove/webhooks/ProofWorld.ts';

const perSecond = 5;
const calmSeconds = 20;
const settleMs = 4_000;
const neighbours = 50;
const backlog = 300;
const [many, pages, shots] = [1_000, 20, 3];

/** From the commit of an event to its arrival: alone, beside the dead and the busy receivers of another tenant, and of 1,000 webhooks at once. */
export async function measureLatencies(): Promise<void> {
  await using world = await ProofWorld.start();
  await world.webhook('quiet', { document: documentOf('quiet') });
  await steady(world, 5);
  const alone = await steady(world, calmSeconds);

  for (let number = 0; number < neighbours; number += 1)
    await world.webhook(`dead-${number}`, { document: documentOf('neighbour') }, world.globex);
  world.receiver.answer = ({ name }) => (name.startsWith('dead-') ? 'never' : { status: 200 });
  await world.happen('neighbour', 1, world.globex);
  const besideDead = await steady(world, calmSeconds);

  world.receiver.answer = () => ({ status: 200 });
  await world.query(`update webhook_position set active = false, fence = fence + 1, lease_until = null from webhook w
    where w.workspace_id = webhook_position.workspace_id and w.id = webhook_id and w.name like 'dead-%'`);
  await world.happen('neighbour', backlog, world.globex);
  await world.query(`update webhook_position set active = true, attempt = 0, next_attempt_at = now() from webhook w
    where w.workspace_id = webhook_position.workspace_id and w.id = webhook_id and w.name like 'dead-%'`);
  const besideBusy = await steady(world, calmSeconds);
  const rows = {
    alone,
    'beside 50 receivers of another that never answer': besideDead,
    'beside 50 webhooks of another with 300 events each to be sent': besideBusy,
  };
  printTable(
    Object.entries(rows).map(([name, took]) => ({
      'commit → received': name,
      events: took.length,
      'p50 ms': quantile(took, 0.5),
      'p99 ms': quantile(took, 0.99),
    })),
  );
  console.log();
  await measureMany(world);
}

/** Copies of one webhook beyond what a workspace may have; they have no secret to sign with. */
async function measureMany(world: ProofWorld): Promise<void> {
  await world.query(`update webhook_position set active = false from webhook w
    where w.workspace_id = webhook_position.workspace_id and w.id = webhook_id and w.name like 'dead-%'`);
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

async function steady(world: ProofWorld, seconds: number): Promise<number[]> {
  const before = world.receiver.of('quiet').length;
  const { done } = await steadily(perSecond, seconds, () => world.happen('quiet', 1, world.acme));
  await world.until('all arrived', () => world.receiver.of('quiet').length >= before + done, settleMs + 60_000);
  return world.receiver.of('quiet').slice(before).map(latency);
}

function latency({ at, body }: { readonly at: number; readonly body: Record<string, any> }): number {
  return at - Date.parse(body['timestamp']);
}

function documentOf(kind: string): string {
  return `subscription { flowUpdates(filter: { kind: ["${kind}"] }) { type sequence flow { name } } }`;
}
