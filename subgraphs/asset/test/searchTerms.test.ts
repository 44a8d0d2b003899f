import { describe, expect, test } from '@jest/globals';
import { nameKeyOf, searchedPrefixes, termsOf } from '../src/domain/searchTerms.js';

const nothing = { hostname: null, externalId: null, ipAddress: null, tags: [] };

function isFound(search: string, asset: Parameters<typeof termsOf>[0]): boolean {
  const terms = termsOf(asset);
  const prefixes = searchedPrefixes(search);
  return (
    prefixes === null ||
    (prefixes.length > 0 && prefixes.every((prefix) => terms.some((term) => term.startsWith(prefix))))
  );
}

describe('what an asset is found by', () => {
  const asset = {
    name: 'Prod-DB_01 (Zürich)',
    hostname: 'prod-db-01.acme.example',
    externalId: 'urn:cmdb:4711',
    ipAddress: '10.20.30.40',
    tags: ['Tier 1'],
  };

  test.each([
    'prod',
    'PROD-db',
    'db_01',
    'db-01.acme',
    'acme',
    'example',
    'zür',
    '4711',
    'urn:cmdb',
    '10.20.',
    'db prod',
    '(zürich',
    ' prod ',
  ])('the start of a word finds it: "%s"', (search) => {
    expect(isFound(search, asset)).toBe(true);
  });

  test.each(['rod', 'cme', '20.30', 'prod test', 'tier', '***', 'db-01-acme'])(
    'anything else does not: "%s"',
    (search) => {
      expect(isFound(search, asset)).toBe(false);
    },
  );

  test('a blank search asks for nothing', () => {
    expect(searchedPrefixes('  ')).toBeNull();
  });

  test('a name that is written in two Unicode ways is one name', () => {
    expect(nameKeyOf('Zu\u0308rich')).toBe(nameKeyOf('ZÜRICH'));
  });

  test('a term that only starts another one is not kept', () => {
    expect(termsOf({ ...nothing, name: 'web-01', hostname: 'web-01.acme.example' })).toEqual([
      '01.acme.example',
      'acme.example',
      'example',
      'web-01.acme.example',
    ]);
  });

  test('a UUID is one word, and a long path ends after 24 words', () => {
    expect(termsOf({ ...nothing, name: '0190a1b2-aaaa-7bbb-8ccc-1234567890ab' })).toHaveLength(1);
    expect(termsOf({ ...nothing, name: 'x', externalId: '/a1'.repeat(100) }).length).toBeLessThanOrEqual(25);
  });
});
