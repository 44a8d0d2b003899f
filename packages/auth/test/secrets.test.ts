import { describe, expect, test } from '@jest/globals';
import {
  createApiKey,
  createSecretToken,
  hashPassword,
  hashSecretToken,
  parseApiKey,
  sameHash,
  succeedSecretToken,
  verifyPassword,
} from '@tributary/auth';

describe('API keys', () => {
  test('are found again by their id and hash', () => {
    for (let round = 0; round < 200; round++) {
      const key = createApiKey();
      expect(key.secret).toMatch(/^trib_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
      const parsed = parseApiKey(key.secret);
      expect(parsed.keyId).toBe(key.keyId);
      expect(key.prefix).toBe(`trib_${key.keyId}`);
      expect(sameHash(parsed.hash, key.hash)).toBe(true);
    }
  });

  test('a wrong, missing or additional letter is noticed without asking anybody', () => {
    const { secret } = createApiKey();
    const wrong = [...secret].map(
      (letter, index) => secret.slice(0, index) + (letter === 'a' ? 'b' : 'a') + secret.slice(index + 1),
    );
    for (const text of [
      ...wrong,
      secret.slice(1),
      secret.slice(0, -1),
      `${secret}a`,
      ` ${secret}`,
      `${secret}\n`,
      '',
      'trib_',
      'x'.repeat(1_000_000),
    ]) {
      expect(() => parseApiKey(text)).toThrow(expect.objectContaining({ code: 'INVALID_API_KEY' }));
    }
  });

  test('no two are alike', () => {
    const keys = Array.from({ length: 2000 }, createApiKey);
    expect(new Set(keys.map((key) => key.secret)).size).toBe(2000);
    expect(new Set(keys.map((key) => key.keyId)).size).toBe(2000);
  });

  test('hashes of other lengths are unequal, not an error', () => {
    expect(sameHash(Buffer.alloc(32), Buffer.alloc(31))).toBe(false);
  });
});

describe('passwords', () => {
  test('are kept as argon2id and fit only themselves', async () => {
    const stored = await hashPassword('tributary-demo');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(stored, 'tributary-demo')).toBe(true);
    expect(await verifyPassword(stored, 'tributary-Demo')).toBe(false);
    expect(await verifyPassword(stored, '')).toBe(false);
    expect(await verifyPassword(stored, 'x'.repeat(1_000_000))).toBe(false);
  });

  test('two hashes of one password differ', async () => {
    expect(await hashPassword('tributary-demo')).not.toBe(await hashPassword('tributary-demo'));
  });

  test('letters that look the same are the same', async () => {
    const stored = await hashPassword('caf\u00e9-password');
    expect(await verifyPassword(stored, 'cafe\u0301-password')).toBe(true);
  });

  test('an unknown person is refused, even with the words of the stand-in, and it takes as long', async () => {
    await verifyPassword(null, 'warm up');
    const stored = await hashPassword('tributary-demo');
    const time = async (hash: string | null) => {
      const start = performance.now();
      expect(await verifyPassword(hash, 'wrong password')).toBe(false);
      return performance.now() - start;
    };
    // The shortest of many in turn: what others took of the machine is in none of them. Where they take much, it wants more rounds.
    const [known, unknown]: [number[], number[]] = [[], []];
    const ratio = () => Math.min(...unknown) / Math.min(...known);
    do {
      known.push(await time(stored));
      unknown.push(await time(null));
    } while (known.length < 8 || (known.length < 80 && (ratio() < 0.7 || ratio() > 1.4)));
    expect(ratio()).toBeGreaterThan(0.7);
    expect(ratio()).toBeLessThan(1.4);
    expect(await verifyPassword(null, 'a password that nobody has')).toBe(false);
  });

  test('too short and too long are refused with the rule', async () => {
    await expect(hashPassword('short')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(hashPassword('x'.repeat(257))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('refresh tokens and invitations', () => {
  test('are found by hash, and text that cannot be one has none', () => {
    const { token, hash } = createSecretToken();
    expect(hashSecretToken(token)).toEqual(hash);
    for (const text of ['', 'x', `${token}=`, `${token.slice(0, -1)} `]) expect(hashSecretToken(text)).toBeNull();
  });

  test('one token and salt have one successor; another salt or token has another', () => {
    const { token } = createSecretToken();
    const salt = Buffer.alloc(32, 1);
    const successor = succeedSecretToken(token, salt);
    expect(succeedSecretToken(token, salt)).toEqual(successor);
    expect(hashSecretToken(successor.token)).toEqual(successor.hash);
    expect(succeedSecretToken(token, Buffer.alloc(32, 2)).token).not.toBe(successor.token);
    expect(succeedSecretToken(createSecretToken().token, salt).token).not.toBe(successor.token);
  });
});
