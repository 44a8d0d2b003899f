import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLogger, type LogLevel } from '@tributary/observability';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function written(
  write: (logger: ReturnType<typeof createLogger>) => void,
  level: LogLevel = 'info',
): Record<string, unknown>[] {
  const file = join(folder, 'log');
  write(createLogger({ name: 'part', level, destination: file }));
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('an entry is one line of JSON with its level by name, its part and what it is about', () => {
  const [entry] = written((logger) =>
    logger.child({ workspaceId: 'w1', requestId: 'r1', flowId: 'f1' }).info('phase ended'),
  );
  expect(entry).toMatchObject({
    level: 'info',
    name: 'part',
    workspaceId: 'w1',
    requestId: 'r1',
    flowId: 'f1',
    msg: 'phase ended',
  });
  expect(Date.parse(entry!['time'] as string)).not.toBeNaN();
});

test('secrets never reach a log, wherever in an entry they stand', () => {
  const canary = 'canary-7f3a';
  const entries = written((logger) => {
    logger.info({ password: canary, headers: { authorization: canary, cookie: canary, 'x-api-key': canary } }, 'top');
    logger.info(
      { request: { body: { password: canary, accessToken: canary }, headers: { 'x-tributary-context': canary } } },
      'deep',
    );
    logger.info({ input: { content: canary, ownerEmail: canary, secret: canary } }, 'input');
  });
  expect(entries).toHaveLength(3);
  expect(JSON.stringify(entries)).not.toContain(canary);
});

test('what is below the level is not written', () => {
  expect(written((logger) => logger.info('quiet'), 'warn')).toEqual([]);
});
