import { afterAll, beforeAll, describe } from '@jest/globals';
import { startSystem } from '../harness.js';
import type { Mode, System } from '../harness.js';
import { describeAccounts } from './accounts.js';
import { describeClients } from './clients.js';
import { describeDiscovery } from './discovery.js';
import { describeGraph } from './graph.js';
import { describeKilledWorkers } from './killedWorkers.js';

/** All that holds in every mode, over one system: its start is what costs. Passwords are changed last. */
export function describeMode(mode: Mode): void {
  describe(`${mode} mode`, () => {
    let system: System;
    const running = (): System => system;
    beforeAll(async () => {
      system = await startSystem(mode, { RESTART_PARTS: 'true' });
    }, 120_000);
    afterAll(() => system?.close());

    describeDiscovery(running);
    describeGraph(mode, running);
    // Apollo Router opens no subscriptions without a licence.
    if (mode !== 'apollo-router') describeClients(mode, running);
    if (mode !== 'apollo-router') describeKilledWorkers(running);
    describeAccounts(mode, running);
  });
}
