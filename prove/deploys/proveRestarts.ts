// `npm run prove:restarts -- --restarts 100 --watchers 1000`: gateways and subgraphs of a cluster behind HAProxy are replaced one after the
// other, under 50 requests a second and people who watch. Nobody may notice: no request fails, no event is lost or comes twice.
import { parseArgs } from 'node:util';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import { printTable, quantile } from '@tributary/kit/measure';
import { DeployCluster } from './DeployCluster.ts';
import { startHaproxy } from './startHaproxy.ts';
import { Traffic } from './Traffic.ts';

const { values: flags } = parseArgs({
  options: {
    restarts: { type: 'string', default: '100' },
    watchers: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '50' },
  },
});
const shown = 20;

const gateways = ['gateway-1', 'gateway-2'];
await using deployed = await DeployCluster.start({ gateways, processesOfSubgraph: 2 });
await using balancer = await startHaproxy(
  gateways.map((name) => ({ name, port: deployed.cluster.portOf(name), weight: 100 })),
);
const names = [...gateways, ...subgraphNames.flatMap((name) => deployed.cluster.namesOf(name))];
const traffic = new Traffic(balancer.origin);
await traffic.watch(Number(flags.watchers));
traffic.ask(Number(flags.rate));
traffic.write(4_000);
const slow: string[] = [];
const took: number[] = [];
const stopTook: number[] = [];
for (let number = 0; number < Number(flags.restarts); number += 1) {
  const name = names[number % names.length]!;
  const started = performance.now();
  const { inOrder, stopSeconds } = await deployed.replace(name);
  if (!inOrder) slow.push(`${name} did not end in order within 20 s of SIGTERM`);
  if (gateways.includes(name)) await balancer.untilUp(name);
  stopTook.push(stopSeconds);
  took.push((performance.now() - started) / 1_000);
}
await traffic.stop();
printTable([
  {
    restarts: took.length,
    'median s': Number(quantile(took, 0.5).toFixed(1)),
    'of it to stop s': Number(quantile(stopTook, 0.5).toFixed(1)),
    requests: traffic.requests,
    'failed requests': traffic.errors.length,
    'p95 ms': Math.round(quantile(traffic.latenciesMs, 0.95)),
    watchers: Number(flags.watchers),
    'events read': traffic.events,
    'lost or twice': traffic.gaps.length,
  },
]);
const faults = [...traffic.errors, ...traffic.gaps, ...slow, ...deployed.crashes];
for (const fault of faults.slice(0, shown)) console.log(fault);
process.exitCode = faults.length === 0 && took.length > 0 ? 0 : 1;
