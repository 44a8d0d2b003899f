// `npm run prove:canary -- --seconds 60`: the operator's command `canary` against builds of which 5 % of the operations fail, or that take twice
// as long, and against the product itself, each beside the product behind HAProxy and under people at work. The first two must be rolled
// back by it, the last promoted.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printTable } from '@tributary/kit/measure';
import { DeployCluster } from './DeployCluster.ts';
import { backend, startHaproxy, type Haproxy } from './startHaproxy.ts';
import { Traffic } from './Traffic.ts';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '50' },
    watchers: { type: 'string', default: '50' },
    slower: { type: 'string', default: '20' },
  },
});
const stable = 'gateway-1';
/** New versions: what each is, and whether it is to be promoted. */
const builds = [
  { name: 'gateway-errors', build: '5 % of operations fail', bad: 'errors' },
  { name: 'gateway-slow', build: 'takes twice as long', bad: 'slow' },
  { name: 'gateway-next', build: 'the product', bad: null },
] as const;
const badBuildOf = (name: string) => builds.find((each) => each.name === name)?.bad ?? null;
const root = fileURLToPath(new URL('../..', import.meta.url));

await using deployed = await DeployCluster.start({
  gateways: [stable, ...builds.map(({ name }) => name)],
  processesOfSubgraph: 1,
  gatewayEntry: (name) => (badBuildOf(name) === null ? undefined : 'prove/deploys/control/badGatewayMain.ts'),
  gatewaySettings: (name): Record<string, string> => {
    const bad = badBuildOf(name);
    return bad === null ? {} : { BAD_BUILD: bad };
  },
});
const { cluster } = deployed;
await using balancer = await startHaproxy(
  [stable, ...builds.map(({ name }) => name)].map((name) => ({
    name,
    port: cluster.portOf(name),
    weight: name === stable ? 100 : 0,
  })),
);
const traffic = new Traffic(balancer.origin);
await traffic.watch(Number(flags.watchers));
traffic.ask(Number(flags.rate));
traffic.write(4_000);
const faults: string[] = [];
const rows: Record<string, string | number>[] = [];
for (const { name, build, bad } of builds) {
  const before = { requests: traffic.requests, failed: traffic.errors.length };
  const started = performance.now();
  const { promoted, lines } = await runCommand(balancer, name);
  const seconds = Math.round((performance.now() - started) / 1_000);
  const servers = await balancer.runtime.servers(backend);
  const [own, others] = [servers.get(name)!.weight, servers.get(stable)!.weight];
  rows.push({
    build,
    'ended as': promoted ? 'promoted' : 'rolled back',
    'after s': seconds,
    'its weight': own,
    'weight of the others': others,
    requests: traffic.requests - before.requests,
    'failed for clients': traffic.errors.length - before.failed,
  });
  console.log(`${build}:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  if (promoted !== (bad === null)) faults.push(`${build}: it was ${promoted ? 'promoted' : 'rolled back'}.`);
  if (bad === null ? own === 0 || others !== 0 : own !== 0 || others === 0)
    faults.push(`${build}: requests go where they should not: ${own} of it, ${others} of the others.`);
}
await traffic.stop();
printTable(rows);
faults.push(...traffic.gaps, ...deployed.crashes);
const failedByNobody = traffic.errors.filter((error) => !error.includes('INTERNAL_ERROR'));
faults.push(...failedByNobody.slice(0, 10));
for (const fault of faults) console.log(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

/** The command as an operator runs it. */
async function runCommand(balancer: Haproxy, name: string): Promise<{ promoted: boolean; lines: string[] }> {
  const target = (server: string) => `${server}=${cluster.originOf(server)}`;
  const child = spawn(
    process.execPath,
    [
      'operate/dist/canaryMain.js',
      ...['--backend', backend, '--stable', target(stable), '--canary', target(name)],
      ...['--seconds', flags.seconds, '--look-every', '5', '--slower', flags.slower],
    ],
    {
      cwd: root,
      env: { PATH: process.env['PATH'], HAPROXY_SOCKET: balancer.socket },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  const parts: Buffer[] = [];
  for await (const part of child.stdout as AsyncIterable<Buffer>) parts.push(part);
  const [code] = (await ended) as [number | null];
  return { promoted: code === 0, lines: Buffer.concat(parts).toString().trim().split('\n') };
}
