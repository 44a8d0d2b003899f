// `npm run prove:tokens`: every forged, expired or confused token over HTTP, over sockets and straight at a subgraph; then keys that
// change under load; then a flood of unknown kids.   --interval 30000 (how often keys may be fetched)   --rotations 3   --callers 8
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { printTable, type TableRow } from '@tributary/kit/measure';
import { badTokens } from './badTokens.ts';
import { TokenWorld, type Outcome } from './TokenWorld.ts';

const { values: flags } = parseArgs({
  options: {
    interval: { type: 'string', default: '30000' },
    rotations: { type: 'string', default: '3' },
    callers: { type: 'string', default: '8' },
  },
});
const intervalMs = Number(flags.interval);
const rows: TableRow[] = [];
const broken: string[] = [];
const note = (what: string, figure: string, promise: string, held: boolean): void => {
  rows.push({ what, figure, promise, held: held ? 'yes' : 'NO' });
  if (!held) broken.push(what);
};

await using world = await TokenWorld.start(intervalMs);
await matrix();
await rotation();
await flood();
printTable(rows);
process.exitCode = broken.length > 0 ? 1 : 0;

async function matrix(): Promise<void> {
  const good = `Bearer ${world.loot.good}`;
  const ways: Record<string, (authorization: string) => Promise<Outcome>> = {
    HTTP: (authorization) => world.overHttp(authorization),
    socket: (authorization) => world.overSocket(authorization),
    subgraph: (authorization) => world.atSubgraph(authorization),
  };
  for (const [way, ask] of Object.entries(ways)) {
    const tokens = badTokens(world.loot);
    const codes = new Map<string, number>();
    let accepted = 0;
    for (const { name, authorization } of tokens) {
      const outcome = await ask(authorization);
      if (outcome.accepted) {
        accepted += 1;
        console.error(`${way} let in: ${name}`);
      }
      codes.set(outcome.what, (codes.get(outcome.what) ?? 0) + 1);
    }
    note(`${tokens.length} bad tokens, ${way}`, `${accepted} accepted`, '0', accepted === 0 && tokens.length >= 60);
    console.log(way, Object.fromEntries(codes));
    const control = await ask(good);
    const expected = way !== 'subgraph';
    note(
      `the good one, ${way}`,
      control.accepted ? 'accepted' : 'refused',
      expected ? 'accepted' : 'refused',
      control.accepted === expected,
    );
  }
  note('keys fetched from an attacker', String(world.evil.fetches.length), '0', world.evil.fetches.length === 0);
}

/** A key is published, one interval later it signs; every caller uses a new token for each request. */
async function rotation(): Promise<void> {
  let issuer = world.publishNextKey();
  await delay(1.1 * intervalMs);
  const before = world.ownKeys.fetches.length;
  const begun = performance.now();
  let asked = 0;
  let refused = 0;
  let over = false;
  const callers = Array.from({ length: Number(flags.callers) }, async () => {
    while (!over) {
      const outcome = await world.overHttp(`Bearer ${await world.freshToken(issuer)}`);
      asked += 1;
      if (!outcome.accepted) refused += 1;
      await delay(5);
    }
  });
  for (let round = 0; round < Number(flags.rotations); round += 1) {
    const next = world.publishNextKey();
    await delay(1.1 * intervalMs);
    issuer = next;
  }
  await delay(500);
  over = true;
  await Promise.all(callers);
  note(`${flags.rotations} changes of key, ${asked} requests`, `${refused} refused`, '0', refused === 0 && asked > 0);
  noteFetches('fetches meanwhile', before, begun);
}

async function flood(): Promise<void> {
  const before = world.ownKeys.fetches.length;
  const begun = performance.now();
  const unknown = badTokens(world.loot).find(({ name }) => name === 'kid "unknown"')!;
  let asked = 0;
  let accepted = 0;
  while (performance.now() - begun < 1.5 * intervalMs) {
    const outcomes = await Promise.all(Array.from({ length: 16 }, () => world.overHttp(unknown.authorization)));
    asked += outcomes.length;
    accepted += outcomes.filter((outcome) => outcome.accepted).length;
  }
  note(`${asked} unknown kids`, `${accepted} accepted`, '0', accepted === 0);
  noteFetches('fetches meanwhile', before, begun);
}

function noteFetches(what: string, before: number, begun: number): void {
  const fetches = world.ownKeys.fetches.slice(Math.max(0, before - 1));
  const gaps = fetches.slice(1).map((at, index) => at - fetches[index]!);
  const closest = Math.round(Math.min(Number.POSITIVE_INFINITY, ...gaps));
  const seconds = Math.round((performance.now() - begun) / 1000);
  // A few milliseconds lie between a fetch that begins here and its arrival there.
  note(
    `${what}, ${seconds} s`,
    `${fetches.length - 1}, closest ${closest} ms`,
    `${intervalMs} ms apart`,
    closest >= intervalMs - 50,
  );
}
