import { expect, test } from '@jest/globals';
import { Random } from '@tributary/kit';
import { drawFault, type Fault } from '../../prove/chaos/faults/drawFault.ts';

const targets = {
  processes: ['gateway-1', 'flow-1'],
  hops: ['client→gateway-1', 'flow-1→postgres'],
  committers: ['flow-1'],
};

function drawn(seed: number): Fault[] {
  const random = new Random(seed);
  return Array.from({ length: 500 }, () => drawFault(random, targets));
}

test('a seed says which faults there are, and another seed says other ones', () => {
  expect(drawn(7)).toEqual(drawn(7));
  expect(drawn(7)).not.toEqual(drawn(8));
});

test('over a run everything happens to everything that it can happen to', () => {
  const happened = new Set(drawn(7).map(({ kind, target }) => `${kind} ${target}`));
  const processes = [...targets.processes, 'postgres', 'redis'];
  const expected = [
    ...['kill -9', 'stop'].flatMap((kind) => processes.map((target) => `${kind} ${target}`)),
    ...['cut', 'cut for a while', 'stall', 'stall, then cut'].flatMap((kind) =>
      targets.hops.map((target) => `${kind} ${target}`),
    ),
    ...['cut behind COMMIT', 'cut before COMMIT'].map((kind) => `${kind} flow-1`),
  ];
  expect([...happened].sort()).toEqual(expected.sort());
});

test('some faults begin together, and some stalls outlast the patience of pings', () => {
  const faults = drawn(7);
  expect(faults.some(({ thenMs }) => thenMs === 0)).toBe(true);
  expect(faults.some(({ kind, lastsMs }) => kind.startsWith('stall') && lastsMs > 15_000)).toBe(true);
});
