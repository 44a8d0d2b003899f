import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compareHistories } from '../../prove/alerts/compareHistories.js';
import { LiveRules } from '../../prove/alerts/LiveRules.js';

// `npm run prove:alerts -- --histories 500` for as many as the design asks for, and for rules that are broken.
const seeds = Array.from({ length: 12 }, (_, index) => index + 1);

let world: LiveRules;
beforeAll(async () => {
  world = await LiveRules.start({ lateHorizonMs: 24 * 3_600_000 });
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

test('what rules did in twelve histories, late data and outages and all, is what their previews say', async () => {
  expect(await compareHistories(world, seeds)).toEqual([]);
}, 300_000);

// Their last data came late, after the rule had begun to hold what fires.
test('what fires without data is held from the last data on, also when those came late', async () => {
  expect(await compareHistories(world, [52, 53, 66])).toEqual([]);
}, 120_000);

// What came late put its beginning off, and what came later still took it away.
test('an alert that late data put off and then took away is not left open', async () => {
  expect(await compareHistories(world, [468])).toEqual([]);
}, 120_000);

// Late data cut one alert in two and ended in the same state: the instance went on to name the first of them.
test('an alert that late data cut in two ends with its second part', async () => {
  expect(await compareHistories(world, [497])).toEqual([]);
}, 120_000);
