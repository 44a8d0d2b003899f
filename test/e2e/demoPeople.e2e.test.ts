import { rmSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { newDataFolder } from '@tributary/kit';
import { demoPassword, startSystem } from './harness.js';

test('where others can reach it the demo people sign in only when that is wanted, also in a data folder that has them', async () => {
  const folder = newDataFolder('demo');
  const others = { HOST: '0.0.0.0', TRIBUTARY_DATA: folder };
  for (const [settings, status] of [
    [{ ...others, DEMO_PEOPLE: 'true' }, 200],
    [others, 401],
  ] as const) {
    await using system = await startSystem('embedded', settings);
    const response = await fetch(`${system.origin}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'owner@acme.example', password: demoPassword }),
    });
    expect(response.status).toBe(status);
  }
  rmSync(folder, { recursive: true, force: true });
}, 120_000);
