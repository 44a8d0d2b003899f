import { printTable, quantile, steadily } from '@tributary/kit/measure';
import { ProofWorld } from '../../prove/webhooks/ProofWorld.ts';
import { documentOf, latency } from './events.ts';

const perSecond = 5;
const calmSeconds = 20;
const settleMs = 4_000;
const neighbours = 50;
const backlog = 300;

/** From the commit of an event to its arrival: alone, and beside the dead and the busy receivers of another tenant. */
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
}

async function steady(world: ProofWorld, seconds: number): Promise<number[]> {
  const before = world.receiver.of('quiet').length;
  const { done } = await steadily(perSecond, seconds, () => world.happen('quiet', 1, world.acme));
  await world.until('all arrived', () => world.receiver.of('quiet').length >= before + done, settleMs + 60_000);
  return world.receiver.of('quiet').slice(before).map(latency);
}
