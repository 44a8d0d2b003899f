import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, readConfig, setting } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'tributary-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = z.object({
  PORT: setting.port(4000),
  DATABASE_URL: setting.url(),
  GATEWAY_SECRET: z.string().min(32, 'must have at least 32 characters'),
  TRACING: setting.flag(false),
  ORIGINS: setting.list(['http://localhost:3000']),
});

const sound = { DATABASE_URL: 'postgres://db/app', GATEWAY_SECRET: 's'.repeat(32) };

function refusal(env: NodeJS.ProcessEnv): string {
  try {
    readConfig(schema, env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('These settings were accepted.');
}

describe('settings', () => {
  test('that are missing are all named at once', () => {
    const message = refusal({});
    expect(message).toContain('DATABASE_URL:');
    expect(message).toContain('GATEWAY_SECRET:');
  });

  test('that are weak are named with what is wrong, and without their value', () => {
    const message = refusal({ ...sound, GATEWAY_SECRET: 'tooshort' });
    expect(message).toContain('GATEWAY_SECRET: must have at least 32 characters');
    expect(message).not.toContain('tooshort');
  });

  test('that are blank count as missing', () => {
    expect(refusal({ ...sound, DATABASE_URL: '' })).toContain('DATABASE_URL:');
    expect(readConfig(schema, { ...sound, PORT: '' }).PORT).toBe(4000);
  });

  test('that were not given have their defaults', () => {
    expect(readConfig(schema, sound)).toEqual({
      ...sound,
      PORT: 4000,
      TRACING: false,
      ORIGINS: ['http://localhost:3000'],
    });
  });

  test('arrive with their types', () => {
    const config = readConfig(schema, { ...sound, PORT: '0', TRACING: '1', ORIGINS: ' https://a.example , ,b ' });
    expect(config).toMatchObject({ PORT: 0, TRACING: true, ORIGINS: ['https://a.example', 'b'] });
  });

  test('may lie in a file that X_FILE names', () => {
    const file = join(folder, 'secret');
    writeFileSync(file, `${'f'.repeat(40)}\n`);
    const env = { DATABASE_URL: sound.DATABASE_URL, GATEWAY_SECRET_FILE: file };
    expect(readConfig(schema, env).GATEWAY_SECRET).toBe('f'.repeat(40));
  });

  test('in a file that cannot be read say which file', () => {
    const file = join(folder, 'absent');
    expect(refusal({ ...sound, GATEWAY_SECRET: '', GATEWAY_SECRET_FILE: file })).toContain(file);
  });

  test.each(['-1', '65536', 'http', '4.5'])('refuse %s as a port', (port) => {
    expect(refusal({ ...sound, PORT: port })).toContain('PORT:');
  });
});
