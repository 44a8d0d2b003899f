import { expect, test } from '@jest/globals';
import { canonicalJson, fromSnapshot, toSnapshot } from '@tributary/data';

test.each([
  ['a record with dates', { id: 'x', at: new Date(0), inner: { list: [new Date(1), 2, null] } }],
  ['a bare string', 'deleted'],
  ['a string that reads as JSON', '{"a":1}'],
  ['null', null],
])('a snapshot gives back %s', (_, value) => {
  expect(fromSnapshot(JSON.parse(toSnapshot(value)))).toEqual(value);
});

test('canonical JSON does not depend on the order of keys', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: undefined })).toBe(canonicalJson({ b: [{ c: 2, d: 1 }] }));
});
