// `npm run prove:direct`: requests straight at the subgraphs, past the gateway: all must be refused with a code.   --requests 1000
import { parseArgs } from 'node:util';
import pg from 'pg';
import { printTable } from '@tributary/kit/measure';
import { attackDirectly } from './net/attackDirectly.ts';
import { castNet, Logs, openWorld } from './openWorld.ts';

const { values: flags } = parseArgs({ options: { requests: { type: 'string', default: '1000' } } });
const logs = new Logs();
await using world = await openWorld('direct', logs);
const { superuserUrl: databaseUrl } = world.database;
const admin = new pg.Client({ connectionString: databaseUrl });
await admin.connect();
try {
  const net = await castNet(world, { cluster: world.cluster, databaseUrl, admin }, { seed: 'direct', stopAt: [] });
  const started = performance.now();
  const counted = await attackDirectly(net, Number(flags.requests));
  printTable(
    [...counted].map(([way, requests]) => ({ 'what stands before the subgraph': way, requests: String(requests) })),
  );
  const { findings } = net.judge;
  const sent = [...counted.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `${sent} requests in ${((performance.now() - started) / 1000).toFixed(1)} s: ${sent - findings.length} refused with a code.`,
  );
  for (const { oracle, where, what } of findings) console.log(`  ${oracle}: ${where}\n    ${what}`);
  if (findings.length > 0) process.exitCode = 1;
} finally {
  await admin.end();
}
