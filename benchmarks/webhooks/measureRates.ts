import { printTable } from '@tributary/kit/measure';
import { ProofWorld } from '../../prove/webhooks/ProofWorld.ts';

const events = 2_000;
const kinds = [
  { name: 'one by one', maxBatch: 1, selection: 'type sequence flow { name }' },
  {
    name: 'batches of 100, with a join',
    maxBatch: 100,
    selection: 'type sequence flow { name alerts { totalCount } }',
  },
] as const;

/** How many events a second one webhook is sent that has all of them before it, with nothing that holds it back. */
export async function measureRates(): Promise<void> {
  const unpaced = new URL('unpaced.ts', import.meta.url).href;
  await using world = await ProofWorld.start({ settings: { NODE_OPTIONS: `--import ${unpaced}` } });
  const rows = [];
  for (const { name, maxBatch, selection } of kinds) {
    const document = `subscription { flowUpdates(filter: { kind: ["rate-${maxBatch}"] }) { ${selection} } }`;
    // Part of the receiver's address.
    const hook = `rate-${maxBatch}`;
    const { id } = await world.webhook(hook, { document, maxBatch });
    await world.acme.ask('mutation ($id: ID!) { pauseWebhook(input: { id: $id }) { webhook { id } } }', { id });
    await world.happen(hook, events);
    const begun = Date.now();
    await world.acme.ask('mutation ($id: ID!) { resumeWebhook(input: { id: $id }) { webhook { id } } }', { id });
    const sent = () => world.receiver.of(hook).reduce((sum, { body }) => sum + (body['events']?.length ?? 1), 0);
    await world.until('all were sent', () => sent() >= events, 300_000);
    const seconds = ((world.receiver.of(hook).at(-1)?.at ?? begun) - begun) / 1_000;
    rows.push({ 'one webhook': name, events, seconds, 'events a second': Math.round(events / seconds) });
  }
  printTable(rows);
}
