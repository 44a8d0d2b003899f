import { describe, expect, test } from '@jest/globals';
import { lostInJson } from '../src/lostInJson.js';

describe('what a JSON text would lose on its way', () => {
  test.each([
    ['NUL in a text', '{"a":{"b":["x","\\u0000"]}}', ['a', 'b', '1']],
    ['NUL in a key: what holds it is named', '{"a":{"x\\u0000":1}}', ['a']],
    ['half a surrogate pair', '{"a":"\\ud83d"}', ['a']],
    ['the second half alone', '["\\udc00\\ud83d"]', ['0']],
    ['a number beyond a double', '{"a":[{"b":1e400}]}', ['a', '0', 'b']],
    ['the same below zero', '{"a":-1E+400}', ['a']],
    ['a whole number that would be rounded', '{"a":{"":{"b":9007199254740993}}}', ['b']],
    ['an integer far beyond 64 bits', '{"a":92233720368547758080123}', ['a']],
    ['a number that is the whole text', '1e999', []],
  ])('%s is found', (_what, text, path) => {
    expect(lostInJson(text)).toMatchObject({ path, message: expect.stringMatching(/^(A|This) .*\.$/) });
  });

  test.each([
    ['a whole surrogate pair', '"\\ud83d\\ude00"'],
    ['the largest double', '[1.7976931348623157e308,5e-324,1e300,-0.0]'],
    ['doubles as JavaScript writes them', JSON.stringify([2 ** 60 + 256, 2 ** 53, 1e20, 0.1 + 0.2])],
    ['an escaped backslash before u0000', '"\\\\u0000"'],
    ['digits in texts', '"12345678901234567890"'],
  ])('nothing is lost of %s', (_what, text) => {
    expect(lostInJson(text)).toBeNull();
  });

  test('what is nested too deep to be looked through is refused, and nothing overflows', () => {
    const deep = `{"a":${'['.repeat(50_000)}1e400${']'.repeat(50_000)}}`;
    expect(lostInJson(deep)).toMatchObject({ message: expect.stringContaining('levels deep') });
  });

  test('what is not JSON is told as that', () => {
    expect(() => lostInJson('{"a":"\\u0000"')).toThrow(SyntaxError);
  });
});
