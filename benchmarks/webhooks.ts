// `npm run bench:webhooks -- --only latencies`: from commit to arrival, alone and beside another tenant's dead and busy receivers; of 1,000
// webhooks on one event (`many`); and how many events a second one webhook could be sent (`rates`).
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureLatencies } from './webhooks/measureLatencies.ts';
import { measureMany } from './webhooks/measureMany.ts';
import { measureRates } from './webhooks/measureRates.ts';

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const parts = { latencies: measureLatencies, many: measureMany, rates: measureRates };
for (const [name, measure] of Object.entries(parts)) {
  if (values.only !== undefined && values.only !== name) continue;
  await measure();
  console.log();
}
console.log(`load of the machine: ${loadavg()[0]!.toFixed(1)}`);
