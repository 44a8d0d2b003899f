import { finding, type Finding } from './Finding.ts';
import type { ProofWorld } from './ProofWorld.ts';

const [events, poisoned] = [7, 3];
const minuteMs = 60_000;

/** One event that its receiver never takes is a dead letter within 16 minutes, and all others arrive. */
export async function provePoison(world: ProofWorld): Promise<Finding> {
  const document = 'subscription { flowUpdates(filter: { kind: ["poison"] }) { type sequence flow { name } } }';
  await world.webhook('poison', { document });
  const isPoison = (body: Record<string, any>) => body['data'].flowUpdates.flow.name === `poison ${poisoned}`;
  world.receiver.answer = ({ name, body }) => ({ status: name === 'poison' && isPoison(body) ? 422 : 200 });
  for (let number = events - 1; number >= 0; number -= 1)
    await world.acme.ask(
      'mutation ($name: String!) { createFlow(input: { kind: "poison", name: $name, phases: ["a"] }) { flow { id } } }',
      { name: `poison ${number}` },
    );
  let movedMs = 0;
  const attempts = () => world.receiver.of('poison').filter(({ body }) => isPoison(body));
  while ((await world.state('poison')).letters === 0) {
    const made = attempts().length;
    const { waitMs } = await world.state('poison');
    if (waitMs > 1_000) {
      await world.pass(waitMs);
      movedMs += waitMs;
    }
    await world.until(
      'it was tried again',
      async () => attempts().length > made || (await world.state('poison')).letters > 0,
    );
    await world.until('that was written', async () => {
      const { letters, waitMs: next } = await world.state('poison');
      return letters > 0 || next > 1_000;
    });
  }
  const taken = () => world.receiver.of('poison').filter(({ body }) => !isPoison(body));
  await world.until('the others arrived', () => taken().length >= events - 1);
  world.receiver.answer = () => ({ status: 200 });
  const sequences = taken().map(({ body }) => body['sequence'] as number);
  return finding(
    `${attempts().length} attempts in ${(movedMs / minuteMs).toFixed(1)} min of the moved clock, then a dead letter; ${sequences.length} others arrived`,
    {
      'it is given up within 16 minutes': movedMs <= 16 * minuteMs,
      'after five attempts': attempts().length === 5,
      'under one id': new Set(attempts().map(({ headers }) => headers['webhook-id'])).size === 1,
      'it is the only dead letter': (await world.state('poison')).letters === 1,
      'the others arrive once and in order':
        sequences.length === events - 1 &&
        sequences.every((each, index) => index === 0 || each > sequences[index - 1]!),
    },
  );
}
