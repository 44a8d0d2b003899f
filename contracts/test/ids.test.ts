import { describe, expect, test } from '@jest/globals';
import { decodeId, encodeId, entityTags, uuidOf } from '@tributary/contracts/ids';

const uuid = '0190a5c8-7b1e-7cc3-9d5c-3f8f7b1e7cc3';

describe('public ids', () => {
  test.each(entityTags)('a %s id reads back as what it was made from', (tag) => {
    expect(decodeId(encodeId(tag, uuid))).toEqual({ tag, uuid });
    expect(uuidOf(tag, encodeId(tag, uuid))).toBe(uuid);
  });

  test('an id of another type is answered like an unknown one', () => {
    expect(uuidOf('asset', encodeId('flow', uuid))).toBeNull();
  });

  test.each([
    ['nothing', ''],
    ['a bare uuid', '0190a5c8-7b1e-7cc3-9d5c-3f8f7b1e7cc3'],
    ['an unknown tag', 'ghost_0190a5c8-7b1e-7cc3-9d5c-3f8f7b1e7cc3'],
    ['upper case', 'flow_0190A5C8-7B1E-7CC3-9D5C-3F8F7B1E7CC3'],
    ['text after the uuid', 'flow_0190a5c8-7b1e-7cc3-9d5c-3f8f7b1e7cc3\n'],
    ['a property of every object', '__proto__'],
  ])('%s is refused as INVALID_INPUT', (_what, text) => {
    expect(() => uuidOf('flow', text)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
