// `npm run prove:refresh`: two tabs that refresh at once and answers that are lost sign nobody out; a refresh token that comes back
// after its grace ends the whole session.   --submits 10000   --sessions 20   --replays 10
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { printTable, type TableRow } from '@tributary/kit/measure';
import { RefreshClient } from './RefreshClient.ts';
import { TokenWorld } from './TokenWorld.ts';

const { values: flags } = parseArgs({
  options: {
    submits: { type: 'string', default: '10000' },
    sessions: { type: 'string', default: '20' },
    replays: { type: 'string', default: '10' },
  },
});
const graceMs = 10_000;
const limitMs = 1_000;
const rows: TableRow[] = [];
let isBroken = false;
const note = (what: string, figure: string, promise: string, held: boolean): void => {
  rows.push({ what, figure, promise, held: held ? 'yes' : 'NO' });
  isBroken ||= !held;
};

await using world = await TokenWorld.start();
const origin = `http://127.0.0.1:${world.gatewayPort}`;
/** One after the other: more attempts at once on one account than a person makes are held back. */
let signingIn: Promise<unknown> = Promise.resolve();
const signIn = (): Promise<RefreshClient> => {
  const session = signingIn.then(() => RefreshClient.signIn(origin, 'operator@acme.example'));
  signingIn = session;
  return session;
};
await submits();
await replays();
printTable(rows);
process.exitCode = isBroken ? 1 : 0;

async function submits(): Promise<void> {
  const each = Math.ceil(Number(flags.submits) / Number(flags.sessions));
  let doubles = 0;
  let lost = 0;
  let signedOut = 0;
  const sessions = Array.from({ length: Number(flags.sessions) }, async () => {
    const client = await signIn();
    for (let turn = 0; turn < each; turn += 1) {
      const isDouble = turn % 2 === 0;
      const out = await (isDouble ? client.doubleSubmit() : client.lostAnswer(1 + (turn % 20)));
      if (isDouble) doubles += 1;
      else lost += 1;
      if (!out) continue;
      signedOut += 1;
      client.take(await signIn());
    }
  });
  await Promise.all(sessions);
  note(
    `${doubles} double submits, ${lost} lost answers`,
    `${signedOut} signed out`,
    '0',
    signedOut === 0 && doubles > 0,
  );
}

async function replays(): Promise<void> {
  let refreshMs = 0;
  let accessMs = 0;
  let survivors = 0;
  const runs = Array.from({ length: Number(flags.replays) }, async (_, index) => {
    const client = await signIn();
    const stolen = client.cookie;
    client.take((await client.send(stolen))!);
    await delay(graceMs + 500 + index * 100);
    const isGood = (await world.overHttp(`Bearer ${client.accessToken}`)).accepted;
    const begun = performance.now();
    const replay = await client.send(stolen);
    const next = await client.send(client.cookie);
    refreshMs = Math.max(refreshMs, performance.now() - begun);
    if (!isGood || replay || next) survivors += 1;
    while ((await world.overHttp(`Bearer ${client.accessToken}`)).accepted && performance.now() - begun < 10_000)
      await delay(10);
    accessMs = Math.max(accessMs, performance.now() - begun);
  });
  await Promise.all(runs);
  note(`${flags.replays} replays after the grace`, `${survivors} sessions go on`, '0', survivors === 0);
  note('refresh tokens dead after, at most', `${Math.round(refreshMs)} ms`, `${limitMs} ms`, refreshMs <= limitMs);
  note('access tokens dead after, at most', `${Math.round(accessMs)} ms`, `${limitMs} ms`, accessMs <= limitMs);
}
