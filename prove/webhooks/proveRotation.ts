import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { finding, type Finding } from './Finding.ts';
import type { Received } from './ProofReceiver.ts';
import type { ProofWorld } from './ProofWorld.ts';

const rounds = 4;
/** That come while a state of its secrets lasts, however long a busy machine takes for them. */
const requestsEach = 30;
const patienceMs = 120_000;
/** A request that was under way may still come. */
const graceMs = 1_000;
const backlog = 400;
const python = 'standardwebhooks==1.1.0';
const roll =
  'mutation ($id: ID!, $hours: Int!) { rollWebhookSecret(input: { id: $id, overlapHours: $hours }) { secret } }';

interface Signed {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly secret: string;
}

/** Secrets are rolled while a webhook sends all the time: whoever knows a good one verifies everything, in Node and in Python. */
export async function proveRotation(world: ProofWorld): Promise<Finding> {
  const document = 'subscription { flowUpdates(filter: { kind: ["rotated"] }) { type sequence flow { name } } }';
  const { id, secret: first } = await world.webhook('rotated', { document });
  let goesOn = true;
  const writing = (async () => {
    await world.happen('rotated', backlog);
    while (goesOn) await world.happen('rotated', 20);
  })();
  await world.until('it sends', () => world.receiver.of('rotated').length > 20);
  /** What a receiver that knows this secret must verify, and what it must not. */
  const [good, ended]: [Signed[], Signed[]] = [[], []];
  let secret = first;
  for (let round = 0; round < rounds; round += 1) {
    const fresh = await rolled(world, id, 24);
    const both = await during(world, 0);
    good.push(...both.flatMap((came) => [signed(came, secret), signed(came, fresh)]));
    const alone = await rolled(world, id, 0);
    const after = await during(world, graceMs);
    good.push(...after.map((came) => signed(came, alone)));
    ended.push(...after.flatMap((came) => [signed(came, secret), signed(came, fresh)]));
    secret = alone;
  }
  goesOn = false;
  await writing;
  const [inNode, endedInNode] = [good.filter(verifies).length, ended.filter(verifies).length];
  const [inPython, endedInPython] = verifyInPython([good, ended]);
  return finding(
    `${2 * rounds} rolls: ${inNode} of ${good.length} verified in Node, ${inPython} in Python; with a secret that has ended ${endedInNode} and ${endedInPython} of ${ended.length}`,
    {
      'there was load': good.length >= rounds * 3 * requestsEach && ended.length >= rounds * 2 * requestsEach,
      'all are verified in Node': inNode === good.length,
      'all are verified in Python': inPython === good.length,
      'none is with a secret that has ended': endedInNode + endedInPython! === 0,
    },
  );
}

async function rolled(world: ProofWorld, id: string, hours: number): Promise<string> {
  const { rollWebhookSecret } = await world.acme.ask(roll, { id, hours });
  return rollWebhookSecret.secret as string;
}

/** What comes next, from a moment after now on. */
async function during(world: ProofWorld, afterMs: number): Promise<Received[]> {
  await delay(afterMs);
  const from = Date.now();
  const came = () => world.receiver.of('rotated').filter(({ at }) => at >= from);
  await world.until('there is load', () => came().length >= requestsEach, patienceMs);
  return came();
}

function signed({ text, headers }: Received, secret: string): Signed {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  return { body: text, headers: Object.fromEntries(names.map((name) => [name, headers[name]!])), secret };
}

function verifies({ body, headers, secret }: Signed): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

/** How many of each list, by the library’s Python twin, in an environment of its own below the temporary folder. */
function verifyInPython(lists: readonly (readonly Signed[])[]): number[] {
  const folder = join(tmpdir(), 'tributary-webhooks-python');
  const inFolder = (name: string) => join(folder, 'bin', name);
  if (!existsSync(inFolder('python'))) execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  execFileSync(inFolder('pip'), ['install', '--quiet', '--disable-pip-version-check', python], { stdio: 'inherit' });
  const answer = execFileSync(inFolder('python'), [join(import.meta.dirname, 'verify.py')], {
    input: JSON.stringify(lists),
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(answer.toString()) as number[];
}
