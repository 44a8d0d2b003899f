// `npm run bench:rest`: seconds to ready of `npm start` at its first and second start, and the memory of all processes at rest.
import { rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, untilEnded } from '@tributary/kit/client';
import { megabytes, memoryByPart, printTable } from '@tributary/kit/measure';
import { newDataFolder, System } from '@tributary/kit';

const restMs = 30_000;
const starts = ['first', 'second', 'third'];
const dataFolder = newDataFolder('rest');
const rows: Record<string, string | number>[] = [];
try {
  for (const start of starts) {
    await using system = await System.start({ dataFolder, command: ['npm', 'start'], settings: { DEMO_DATA: 'true' } });
    const client = new Client(system);
    const { flows } = await client.ask('query { flows(first: 20) { nodes { id status } } }');
    for (const { id, status } of flows.nodes) if (status !== 'AWAITING_APPROVAL') await untilEnded(client, id, 120);
    await delay(restMs);
    const { total, ...parts } = memoryByPart();
    const shares = Object.entries(parts).sort(([, a], [, b]) => b - a);
    rows.push({
      start,
      'ready after s': system.readySeconds,
      'memory at rest MB': megabytes(total!),
      'of which': shares.map(([part, bytes]) => `${part} ${megabytes(bytes)}`).join(', '),
    });
    client.close();
  }
} finally {
  rmSync(dataFolder, { recursive: true, force: true });
}
console.log(`Packages installed and built before; load of the machine ${loadavg()[0]!.toFixed(1)}`);
printTable(rows);
