import { describe, expect, test } from '@jest/globals';
import type { DeliveryPage } from '@tributary/contracts/commands';
import { readWhole } from '../src/domain/delivery/readWhole.js';

const pageWith = (code: string | null): DeliveryPage => ({
  kind: 'page',
  endCursor: 'c',
  hasNextPage: false,
  events: [
    {
      sequence: 1,
      cursor: 'c',
      type: 'flow.created',
      occurredAt: '2026-11-27T15:03:58.100Z',
      data: { flowUpdates: { flow: null } },
      ...(code === null ? {} : { errors: [{ message: 'x', extensions: { code } }] }),
    },
  ],
});

/** Reads that answer one after the other; the last one for ever. */
function reads(...codes: (string | null)[]) {
  let made = 0;
  return {
    read: () => Promise.resolve(pageWith(codes[Math.min(made++, codes.length - 1)]!)),
    count: () => made,
  };
}

describe('a page of which a part failed', () => {
  test('is read again, and sent whole when the part is there a moment later', async () => {
    const { read, count } = reads('SERVICE_UNAVAILABLE', null);
    expect(await readWhole(read)).toEqual(pageWith(null));
    expect(count()).toBe(2);
  });

  test('is sent with what failed after two seconds', async () => {
    const { read, count } = reads('DATABASE_ERROR');
    let now = 0;
    expect(await readWhole(read, () => (now += 900))).toEqual(pageWith('DATABASE_ERROR'));
    expect(count()).toBe(3);
  });

  test('for a reason that stays is sent at once', async () => {
    const { read, count } = reads('INSUFFICIENT_PERMISSIONS');
    await readWhole(read);
    expect(count()).toBe(1);
  });
});
