import { afterAll, beforeAll, describe } from '@jest/globals';
import { modes, startSystem } from '../harness.js';
import type { System } from '../harness.js';
import { describeKilledWorkers } from './killedWorkers.js';

// Large imports into a system of their own: what others have put there would change what they cost.
describe.each(modes)('%s mode', (mode) => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem(mode, { RESTART_PARTS: 'true' });
  }, 120_000);
  afterAll(() => system?.close());

  describeKilledWorkers(() => system);
});
