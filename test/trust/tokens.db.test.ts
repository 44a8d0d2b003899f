import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { badTokens } from '../../prove/trust/badTokens.ts';
import { TokenWorld } from '../../prove/trust/TokenWorld.ts';

const intervalMs = 150;
let world: TokenWorld;
beforeAll(async () => {
  world = await TokenWorld.start(intervalMs);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

test('good tokens of both issuers are let in over HTTP and sockets, and nowhere behind the gateway', async () => {
  for (const token of [world.loot.good, world.outsideToken]) {
    expect((await world.overHttp(`Bearer ${token}`)).accepted).toBe(true);
    expect((await world.overSocket(`Bearer ${token}`)).accepted).toBe(true);
    expect((await world.atSubgraph(`Bearer ${token}`)).accepted).toBe(false);
  }
});

test('nobody is let in with any of the tokens that are forged, expired or meant for something else', async () => {
  const tokens = badTokens(world.loot);
  expect(tokens.length).toBeGreaterThan(60);
  const accepted: string[] = [];
  for (const { name, authorization } of tokens) {
    if ((await world.overHttp(authorization)).accepted) accepted.push(`HTTP: ${name}`);
    if ((await world.atSubgraph(authorization)).accepted) accepted.push(`subgraph: ${name}`);
  }
  // Over sockets a few of each hundred here, all of them in prove:tokens.
  for (const { name, authorization } of tokens.filter((_, index) => index % 25 === 0))
    if ((await world.overSocket(authorization)).accepted) accepted.push(`socket: ${name}`);
  expect(accepted).toEqual([]);
  expect(world.evil.fetches).toEqual([]);
});

test('a key that was published one interval before its use refuses nobody, while unknown kids flood in', async () => {
  const issuer = world.publishNextKey();
  const before = world.ownKeys.fetches.length;
  const begun = performance.now();
  const flood = badTokens(world.loot).find(({ name }) => name === 'kid "unknown"')!;
  while (performance.now() - begun < 2 * intervalMs) {
    expect((await world.overHttp(flood.authorization)).accepted).toBe(false);
    await delay(1);
  }
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, async () => world.overHttp(`Bearer ${await world.freshToken(issuer)}`)),
  );
  expect(outcomes.filter(({ accepted }) => !accepted)).toEqual([]);
  const passed = performance.now() - begun;
  expect(world.ownKeys.fetches.length - before).toBeLessThanOrEqual(Math.ceil(passed / intervalMs) + 1);
});

test('keys that were read once stay good while their issuer is down', async () => {
  world.ownKeys.isDown = true;
  await delay(2 * intervalMs);
  const issuer = world.publishNextKey();
  expect((await world.overHttp(`Bearer ${await world.freshToken(issuer)}`)).accepted).toBe(false);
  expect((await world.overHttp(`Bearer ${world.loot.foreign}`)).accepted).toBe(true);
  world.ownKeys.isDown = false;
});
