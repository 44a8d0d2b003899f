import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { retryableErrorCodes } from '@tributary/contracts/retryableErrors';
import { CodedError, errorRegister, isCodedError } from '@tributary/contracts/errors';

const documentation = readFileSync(new URL('../../docs/reference/errors.md', import.meta.url), 'utf8');

describe('the error register', () => {
  test('says in docs/reference/errors.md what it says in the code, for every code and for no other', () => {
    const rows = documentation.matchAll(/^\| `(\w+)` \| (\d+) \| (yes|no) \| (.+) \|$/gm);
    const documented = [...rows].map(([, code, httpStatus, retryable, meaning]) => ({
      code,
      httpStatus: Number(httpStatus),
      retryable: retryable === 'yes',
      meaning,
    }));
    expect(documented).toEqual(Object.entries(errorRegister).map(([code, definition]) => ({ code, ...definition })));
  });

  test('says of the same codes that they may be tried again as the short list for pages', () => {
    const retryable = Object.entries(errorRegister).flatMap(([code, definition]) => (definition.retryable ? code : []));
    expect([...retryableErrorCodes].sort()).toEqual(retryable.sort());
  });

  test('says what the caller can do in whole sentences', () => {
    for (const { meaning } of Object.values(errorRegister)) expect(meaning).toMatch(/^[A-Z].*\.$/);
  });
});

describe('a coded error', () => {
  test('is recognised when it comes from another copy of the module', () => {
    const foreign = Object.assign(new Error('no'), { name: 'CodedError', code: 'RESOURCE_NOT_FOUND', details: {} });
    expect(isCodedError(foreign)).toBe(true);
    expect(isCodedError(new CodedError('INVALID_INPUT', 'no'))).toBe(true);
  });

  test.each([
    ['a plain error', new Error('no')],
    ['an error of PostgreSQL, which also has a code', Object.assign(new Error('no'), { code: '23505' })],
    ['a code outside the register', Object.assign(new Error('no'), { name: 'CodedError', code: 'MADE_UP' })],
    ['nothing', null],
    ['text', 'INVALID_INPUT'],
  ])('is not %s', (_what, thrown) => {
    expect(isCodedError(thrown)).toBe(false);
  });
});
