import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { createLogger, logLevels } from '@tributary/observability';
import { startTestGateway } from './support/testGateway.js';

const before = process.env['LOG_LEVEL'];
afterEach(() => {
  if (before === undefined) delete process.env['LOG_LEVEL'];
  else process.env['LOG_LEVEL'] = before;
});

test.each(logLevels)('a gateway starts and answers with LOG_LEVEL=%s', async (level) => {
  process.env['LOG_LEVEL'] = level;
  await using it = await startTestGateway();
  const { body } = await it.ask({ query: '{ flow(id: 1) { name assets { title } } }' });
  expect(body.data).toEqual({ flow: { name: 'flow 1', assets: [{ title: 'asset of 1' }] } });
});

test.each([
  { loggedShare: 1, well: 20 },
  { loggedShare: 0, well: 0 },
])('operations that fail always have a line, those that go well to the share of $loggedShare', async (told) => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-log-'));
  try {
    const file = join(folder, 'log');
    const logger = createLogger({ name: 'gateway', level: 'info', destination: file });
    await using it = await startTestGateway({ logger, settings: { loggedShare: told.loggedShare } });
    for (let n = 0; n < 20; n += 1) {
      await it.ask({ query: '{ flow(id: 1) { name } }' });
      await it.ask({ query: '{ flow(id: 1) { noSuchField } }' });
    }
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"event":"operation"'))
      .map((line) => (JSON.parse(line) as { status: string }).status);
    expect(lines.filter((status) => status === 'ok')).toHaveLength(told.well);
    expect(lines.filter((status) => status === 'INVALID_INPUT')).toHaveLength(20);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
