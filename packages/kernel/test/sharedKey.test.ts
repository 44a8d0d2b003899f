import { expect, test } from '@jest/globals';
import { sharedKey } from '@tributary/kernel';

const workspaceId = '01900000-0000-7000-8000-000000000001';

test('a shared key names domain, workspace, scope and identifier', () => {
  expect(sharedKey({ domain: 'limits', workspaceId, scope: 'requests', identifier: 'k1' })).toBe(
    `limits:${workspaceId}:requests:k1`,
  );
  expect(sharedKey({ domain: 'limits', workspaceId: null, scope: 'sign-in', identifier: 'k1' })).toBe(
    'limits:-:sign-in:k1',
  );
});

test('no identifier reaches into the key of another', () => {
  const keys = ['a:b', 'a', 'a%3Ab', '', '*'].map((identifier) =>
    sharedKey({ domain: 'limits', workspaceId, scope: 'x', identifier }),
  );
  expect(new Set(keys).size).toBe(5);
  expect(keys.every((key) => key.split(':').length === 4)).toBe(true);
});
