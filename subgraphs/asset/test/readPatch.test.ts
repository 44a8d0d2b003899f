import { describe, expect, test } from '@jest/globals';
import { readPatch } from '../src/domain/editing/readPatch.js';
import { maskEmail } from '@tributary/kernel';

describe('what a person may set', () => {
  test('absent fields are left and null clears', () => {
    expect(readPatch({ environment: null, ownerEmail: null })).toEqual({ environment: null, ownerEmail: null });
  });

  test('blanks around a text do not count, and tags that differ in letter case are one', () => {
    expect(readPatch({ name: ' web ', tags: ['a', 'A ', 'b'] })).toEqual({ name: 'web', tags: ['a', 'b'] });
  });

  test.each([
    ['name', null],
    ['name', ' '],
    ['name', 'x'.repeat(256)],
    ['name', 'a\u0000b'],
    ['criticality', null],
    ['tags', null],
    ['tags', Array.from({ length: 51 }, (_, index) => `t${index}`)],
    ['tags', ['x'.repeat(65)]],
    ['environment', ''],
    ['department', ''],
    ['ownerEmail', ''],
    ['ownerEmail', 'jane'],
    ['ownerEmail', 'jane@acme'],
    ['ownerEmail', 'jane doe@acme.example'],
  ])('%s does not take %p', (field, value) => {
    expect(() => readPatch({ [field]: value })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', details: { field } }),
    );
  });
});

describe('a masked address', () => {
  test.each([
    ['jane@acme.example', 'j***@acme.example'],
    ['@acme.example', '***'],
    ['nonsense', '***'],
  ])('%s is shown as %s', (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });
});
