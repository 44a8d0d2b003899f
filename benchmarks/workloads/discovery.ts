import { randomBytes } from 'node:crypto';
import { serverListBuffer, startDiscovery, untilEnded } from '@tributary/kit/client';
import { cpuSeconds, type Workload } from '@tributary/kit/measure';

const rows = 10_000;

/** A CSV of new servers, from its upload to the last phase. */
export const discovery: Workload = {
  name: `discovery of ${rows} rows`,
  async run({ client }) {
    const content = serverListBuffer({ rows, prefix: `run${randomBytes(3).toString('hex')}` });
    const cpuBefore = cpuSeconds();
    const started = performance.now();
    const id = await startDiscovery(client, { name: 'servers.csv', content });
    const flow = await untilEnded(client, id, 300);
    const seconds = (performance.now() - started) / 1000;
    if (flow.status !== 'SUCCEEDED') throw new Error(JSON.stringify(flow));
    return { seconds, 'rows/s': rows / seconds, 'rows/CPU s': rows / (cpuSeconds() - cpuBefore) };
  },
};
