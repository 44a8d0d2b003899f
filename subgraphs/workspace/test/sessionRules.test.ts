import { describe, expect, test } from '@jest/globals';
import { maskEmail } from '@tributary/kernel';
import { judgeToken, reuseGraceMs } from '../src/domain/sessionRules.js';
import { patchSettings } from '../src/domain/workspaceSettings.js';

const now = new Date('2026-01-01T00:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const token = { expiresAt: new Date(now.getTime() + 1), rotatedAt: null, successorSalt: null, endedAt: null };
const salt = Buffer.alloc(32);

describe('a refresh token', () => {
  test.each([
    ['fresh', 'fresh', {}],
    ['over at its expiry', 'over', { expiresAt: now }],
    ['over when its session has ended', 'over', { endedAt: ago(1) }],
    ['given again within the grace', 'again', { rotatedAt: ago(reuseGraceMs), successorSalt: salt }],
    ['reused after the grace', 'reused', { rotatedAt: ago(reuseGraceMs + 1), successorSalt: salt }],
    ['reused when its successor cannot be told any more', 'reused', { rotatedAt: ago(1) }],
    ['over, not reused, once the session has ended', 'over', { rotatedAt: ago(60_000), endedAt: ago(1) }],
  ] as const)('is %s', (_title, verdict, change) => {
    expect(judgeToken({ ...token, ...change }, now)).toBe(verdict);
  });
});

describe('an e-mail is masked', () => {
  test.each([
    ['olivia@acme.example', 'o***@acme.example'],
    ['x@y', 'x***@y'],
    ['"a@b"@c.example', '"***@c.example'],
    ['no address', '***'],
    ['@acme.example', '***'],
    ['', '***'],
  ])('%j as %j', (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });
});

describe('settings', () => {
  test('are not changed in place', () => {
    const before = { a: 1 };
    expect(patchSettings(before, { a: null, b: 2 })).toEqual({ b: 2 });
    expect(before).toEqual({ a: 1 });
  });
});
