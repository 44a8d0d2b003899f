import { finding, type Finding } from './Finding.ts';
import type { ProofWorld } from './ProofWorld.ts';

/** Before it is paused, and since it goes on from NOW. */
const [skipped, fresh] = [30, 5];
const orderings = ['STREAM', 'NONE'] as const;
const pause = 'mutation ($id: ID!) { pauseWebhook(input: { id: $id }) { webhook { id } } }';
const resume = 'mutation ($id: ID!) { resumeWebhook(input: { id: $id, from: NOW }) { webhook { id } } }';

/**
 * While requests of a webhook are under way it is told to go on behind what has happened. Their answers come afterwards, and must not
 * lead it back: whoever sent them holds its position no longer.
 */
export async function proveFence(world: ProofWorld): Promise<Finding> {
  const seen = [];
  for (const ordering of orderings) {
    const name = `fenced-${ordering}`;
    const document = `subscription { flowUpdates(filter: { kind: ["${name}"] }) { type sequence } }`;
    const { id } = await world.webhook(name, { document, ordering });
    const released = Promise.withResolvers<void>();
    world.receiver.answer = async (came) => {
      if (came.name === name) await released.promise;
      return { status: 200 };
    };
    await world.happen(name, skipped);
    await world.until('requests are under way', () => world.receiver.of(name).length > 0);
    await world.acme.ask(pause, { id });
    await world.acme.ask(resume, { id });
    const { seq: from } = await world.state(name);
    const underWay = world.receiver.of(name).length;
    await world.happen(name, fresh);
    released.resolve();
    const numbers = () => world.receiver.of(name).map(({ body }) => body['sequence'] as number);
    await world.until('what is new arrived', () => numbers().filter((number) => number > from).length >= fresh);
    const led = numbers()
      .slice(underWay)
      .filter((number) => number <= from).length;
    seen.push({ ordering, underWay, led });
  }
  world.receiver.answer = () => ({ status: 200 });
  return finding(
    seen
      .map(
        ({ ordering, underWay, led }) =>
          `${ordering}: answers of ${underWay} requests came late, and ${led} of ${skipped - underWay} old events behind them`,
      )
      .join('; '),
    {
      'a late answer leads STREAM nowhere': seen[0]!.led === 0,
      'late answers lead NONE nowhere': seen[1]!.led === 0,
      'there was something to be led to': seen.every(({ underWay }) => underWay > 0 && underWay < skipped),
    },
  );
}
