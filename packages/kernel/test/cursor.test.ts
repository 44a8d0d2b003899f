import { describe, expect, test } from '@jest/globals';
import { decodeCursor, encodeCursor } from '../src/index.js';

const encodeText = (text: string) => Buffer.from(text).toString('base64url');

describe('list cursors', () => {
  test('give back the sort values of the row that they point at', () => {
    const values = ['2026-01-01T00:00:00.000Z', 42, null, 'Köln "1"'];
    expect(decodeCursor('assets', encodeCursor('assets', values))).toEqual(values);
  });

  test('hold only characters that need no escaping in a URL', () => {
    expect(encodeCursor('assets', ['???>>>~~~', 'ÿÿÿ'])).toMatch(/^[\w-]+$/);
  });

  test.each([
    ['nothing', ''],
    ['noise', '!!!'],
    ['half a cursor', encodeCursor('assets', ['a', 'b']).slice(0, 9)],
    ['a cursor of another list', encodeCursor('flows', ['a'])],
    ['a cursor without a position', encodeText('["assets"]')],
    ['no list at all', encodeText('{"0":"assets"}')],
    ['an object among the values', encodeText('["assets",{"a":1}]')],
  ])('that are %s are refused as INVALID_INPUT', (_what, cursor) => {
    expect(() => decodeCursor('assets', cursor)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
