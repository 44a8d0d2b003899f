import { afterEach, expect, test } from '@jest/globals';
import { logLevels } from '@tributary/observability';
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
