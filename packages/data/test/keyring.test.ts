import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import { Keyring, parseKeys } from '@tributary/data/encryption';
import type { SealedPlace } from '@tributary/data/encryption';

const key = () => randomBytes(32).toString('base64url');
const place: SealedPlace = {
  column: { table: 'note', column: 'body', key: ['id'] },
  workspaceId: newUuid(),
  row: newUuid(),
};
const reasonOf = (work: () => unknown): unknown => {
  try {
    return `answered ${JSON.stringify(work())}`;
  } catch (error) {
    const { code, details } = error as { code: string; details: { reason: string } };
    return [code, details.reason];
  }
};

describe('a sealed value', () => {
  const keys = `k1:${key()}`;
  const keyring = new Keyring(() => keys);

  test.each(['', 'plain', 'ünï 🜁\n', 'x'.repeat(100_000)])('comes back as it was', (text) => {
    const sealed = keyring.seal(place, text);
    expect(sealed).toMatch(/^aes256gcm\.k1\.[\w-]+$/);
    expect(keyring.open(place, sealed)).toBe(text);
  });

  test('looks different each time', () => {
    const sealed = Array.from({ length: 1_000 }, () => keyring.seal(place, 'same'));
    expect(new Set(sealed.map((value) => value.slice(0, 30))).size).toBe(1_000);
  });

  const elsewhere: [string, SealedPlace][] = [
    ['row', { ...place, row: newUuid() }],
    ['workspace', { ...place, workspaceId: newUuid() }],
    ['column', { ...place, column: { ...place.column, column: 'title' } }],
    ['table', { ...place, column: { ...place.column, table: 'memo' } }],
  ];
  test.each(elsewhere)('cannot be opened in another %s', (_, other) => {
    expect(reasonOf(() => keyring.open(other, keyring.seal(place, 'mine')))).toEqual([
      'INTERNAL_ERROR',
      'UNREADABLE_VALUE',
    ]);
  });

  test('cannot be changed by a single bit, cut short or put under another key’s name', () => {
    const two = new Keyring(() => `k1:${keys.slice(3)},k2:${key()}`);
    const sealed = two.seal(place, 'mine');
    const [marker, id, body] = sealed.split('.') as [string, string, string];
    const bytes = Buffer.from(body, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index]! ^= 1;
      const value = `${marker}.${id}.${changed.toString('base64url')}`;
      expect(reasonOf(() => two.open(place, value))).toEqual(['INTERNAL_ERROR', 'UNREADABLE_VALUE']);
    }
    for (const value of [`${marker}.${id}.`, sealed.slice(0, -8), `${marker}.k2.${body}`])
      expect(reasonOf(() => two.open(place, value))).toEqual(['INTERNAL_ERROR', 'UNREADABLE_VALUE']);
    expect(reasonOf(() => two.open(place, `${marker}.k9.${body}`))).toEqual(['INTERNAL_ERROR', 'UNKNOWN_KEY']);
  });
});

describe('keys', () => {
  test('are taken in base64 and in hex, and the first one seals', () => {
    const { current, byId } = parseKeys(`new:${key()}, old:${randomBytes(32).toString('hex')}`);
    expect([current, [...byId.keys()]]).toEqual(['new', ['new', 'old']]);
    expect([...byId.values()].map((value) => value.length)).toEqual([32, 32]);
  });

  test.each([
    ['nothing', ''],
    ['no id', key()],
    ['too short a key', `k1:${randomBytes(31).toString('base64')}`],
    ['an id that would break the format', `k.1:${key()}`],
    ['a key of zeros', `k1:${'0'.repeat(64)}`],
    ['an id twice', `k1:${key()},k1:${key()}`],
  ])('are refused with %s, and never quoted', (_, text) => {
    const secret = text.split(':')[1] ?? text;
    let message = '';
    try {
      parseKeys(text);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).not.toBe('');
    if (secret) expect(message).not.toContain(secret.slice(0, 12));
  });

  test('that changed are taken up when a value needs one, and a source that broke changes nothing', () => {
    let text = `k1:${key()}`;
    const reader = new Keyring(() => text);
    text = `k2:${key()},${text}`;
    const sealed = new Keyring(() => text).seal(place, 'by the new one');
    expect(reader.open(place, sealed)).toBe('by the new one');
    expect(reader.currentKeyId).toBe('k2');
    text = 'half a fi';
    expect(reasonOf(() => reader.open(place, sealed.replace('.k2.', '.k3.')))).toEqual([
      'INTERNAL_ERROR',
      'UNKNOWN_KEY',
    ]);
    expect(reader.open(place, sealed)).toBe('by the new one');
  });
});
