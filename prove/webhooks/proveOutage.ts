import { Random } from '@tributary/kit';
import { finding, type Finding } from './Finding.ts';
import { haveRead, retire } from './proveReset.ts';
import type { ProofWorld } from './ProofWorld.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** As long as events are kept by default, and shorter than the outage. */
const retentions = { default: 168 * hourMs, short: 24 * hourMs };

/** A receiver that is down for four days loses nothing that is still kept, and is told what is not; one that is down for five is given up. */
export async function proveOutage(world: ProofWorld, seed: string): Promise<Finding> {
  const whole = await outage(world, seed, 'outage', 4 * dayMs, retentions.default);
  const cut = await outage(world, seed, 'outage-short', 4 * dayMs, retentions.short);
  const given = await outage(world, seed, 'outage-long', 5.5 * dayMs, retentions.default);
  const [reset, ...rest] = cut.first;
  const missing = reset!.data.flowUpdates.data;
  return finding(
    `4 days, ${whole.attempts} attempts: ${whole.letters} dead letters, ${whole.sequences.length} of ${whole.written} events arrived in order; ` +
      `events kept for 1 day: ${JSON.stringify(missing)}, then ${rest.length}; 5.5 days: ${given.status} ${given.reason}, ${given.letters} dead letters`,
    {
      'four days: no dead letter': whole.letters === 0,
      'all arrive': whole.sequences.length === whole.written && whole.status === 'ACTIVE',
      'in order, without a gap': whole.sequences.every((each, index) => each === whole.sequences[0]! + index),
      'what comes again has its first id': whole.otherIds + cut.otherIds + given.otherIds === 0,
      'what is no longer kept is told of once':
        reset!.type === 'stream.reset' && rest.every(({ type }) => type !== 'stream.reset'),
      'the reset and what follows leave no gap':
        missing.toSequence - missing.fromSequence + 1 + rest.length === cut.written &&
        rest.every(({ sequence }, index) => sequence === missing.toSequence + 1 + index),
      'five days: given up where it stood': given.status === 'DISABLED' && given.letters === 0,
    },
  );
}

async function outage(world: ProofWorld, seed: string, name: string, lastsMs: number, keptMs: number) {
  const random = new Random(`${seed} ${name}`);
  const document = 'subscription { flowUpdates { type sequence data } }';
  await world.webhook(name, { document });
  let isDown = true;
  world.receiver.answer = (request) => {
    if (request.name !== name || !isDown) return { status: 200 };
    const drawn = random.pick(['cut', 500, 502, 503, 504, 429, 408] as const);
    return drawn === 'cut' ? null : { status: drawn };
  };
  let [movedMs, written] = [0, 1];
  await world.happen(name, 1);
  const tries = () => world.receiver.of(name);
  for (;;) {
    await world.until('the attempt was written', async () => {
      const { status, waitMs, attempt } = await world.state(name);
      return status === 'DISABLED' || (attempt > 0 && waitMs > 1_000);
    });
    const { waitMs, status } = await world.state(name);
    if (status === 'DISABLED' || movedMs + waitMs >= lastsMs) break;
    await world.happen(name, 2);
    written += 2;
    await world.until('consumers have read', () => haveRead(world));
    const made = tries().length;
    await world.pass(waitMs);
    movedMs += waitMs;
    await retire(world, keptMs);
    await world.until('it was tried again', () => tries().length > made);
  }
  const attempts = tries().length;
  isDown = false;
  const { waitMs, status } = await world.state(name);
  if (status !== 'DISABLED') {
    await world.pass(waitMs);
    await world.until('it caught up', async () => (await world.state(name)).seq >= (await head(world)), 120_000);
  }
  const after = tries().slice(attempts);
  world.receiver.answer = () => ({ status: 200 });
  const ids = Map.groupBy(tries(), ({ body }) => body['sequence'] as number).values();
  const state = await world.state(name);
  return {
    attempts,
    written,
    status: state.status,
    reason: state.statusReason,
    letters: state.letters,
    sequences: after.map(({ body }) => body['sequence'] as number),
    first: after.map(({ body }) => body) as { type: string; sequence: number; data: any }[],
    otherIds: [...ids].filter((those) => new Set(those.map(({ headers }) => headers['webhook-id'])).size > 1).length,
  };
}

async function head(world: ProofWorld): Promise<number> {
  const [row] = await world.query(
    `select h.last_seq from stream_head h join workspace w on w.workspace_id = h.workspace_id where w.slug = 'acme' and h.stream_id = 'flows'`,
  );
  return Number(row!['last_seq']);
}
