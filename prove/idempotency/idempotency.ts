// `npm run prove:idempotency`: a whole cluster whose connections to PostgreSQL are cut when the COMMIT of a keyed mutation is on its way,
// each sent again with its key; and 50-way races on one key; over every mutation that takes an idempotencyKey. No effect may be doubled or
// lost, and every answer must name the same entity.   --cuts 1000   --racers 50   --only <field>
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startCommitCutter, startTestDatabase, startTestRedis, System } from '@tributary/kit';
import { Client } from '@tributary/kit/client';
import { printTable } from '@tributary/kit/measure';
import { keyedMutations } from './keyedMutations.ts';
import { OnceProof, type OnceFigures } from './proveOnce.ts';
import type { World } from './World.ts';

const { values: flags } = parseArgs({
  options: {
    cuts: { type: 'string', default: '1000' },
    racers: { type: 'string', default: '50' },
    only: { type: 'string', default: '' },
  },
});
const mutations = keyedMutations.filter(({ field }) => field.includes(flags.only));
const slowCuts = 8;
const slow = mutations.filter(({ isSlow }) => isSlow).length;
// Three of four cuts are behind COMMIT, and it is those that are asked for.
const wanted = Math.ceil((Number(flags.cuts) * 4) / 3);
const cutsOf = (isSlow = false): number =>
  isSlow ? Math.min(slowCuts, wanted) : Math.ceil(Math.max(4, (wanted - slow * slowCuts) / (mutations.length - slow)));

await using database = await startTestDatabase({ empty: true });
await using redis = await startTestRedis();
const url = new URL(database.superuserUrl);
await using cutter = await startCommitCutter(Number(url.port));
url.hostname = '127.0.0.1';
url.port = String(cutter.port);
Object.assign(process.env, { DATABASE_URL: url.href, REDIS_URL: redis.url, LOG_LEVEL: 'error' });
await using system = await System.start({ mode: 'cluster' });
const client = new Client(system);
const admin = new pg.Client({ connectionString: database.superuserUrl });
await admin.connect();
const { viewer } = await client.ask('{ viewer { workspace { id } } }');
const world: World = {
  send: (query, variables) => client.send(query, variables),
  admin,
  workspaceId: viewer.workspace.id.split('_')[1],
  hasWorker: true,
  async accept(token) {
    const response = await fetch(`${system.origin}/auth/accept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, password: 'a password for the proof' }),
    });
    if (response.status !== 200) throw new Error(`The invitation was refused: ${await response.text()}`);
  },
};
const proof = new OnceProof(world, cutter);
const found: OnceFigures[] = [];
for (const mutation of mutations) {
  const figures = await proof.prove(mutation, cutsOf(mutation.isSlow), Number(flags.racers));
  found.push(figures);
  for (const wrong of new Set(figures.wrong)) console.log(`${mutation.field}: ${wrong.slice(0, 600)}`);
}
await admin.end();
client.close();
const sum = (of: (figures: OnceFigures) => number): number => found.reduce((total, figures) => total + of(figures), 0);
const total = {
  field: 'all',
  cutAfterCommit: sum((figures) => figures.cutAfterCommit),
  cutBeforeCommit: sum((figures) => figures.cutBeforeCommit),
  raced: sum((figures) => figures.raced),
  doubled: sum((figures) => figures.doubled),
  lost: sum((figures) => figures.lost),
};
printTable(
  [...found, { ...total, wrong: found.flatMap(({ wrong }) => wrong) }].map(({ wrong, ...row }) => ({
    ...row,
    'other answers': wrong.length,
  })),
);
if (total.doubled + total.lost > 0 || found.some(({ wrong }) => wrong.length > 0)) process.exitCode = 1;
