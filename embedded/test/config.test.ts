import { expect, test } from '@jest/globals';
import { readEmbeddedConfig } from '../src/config.js';

test('one command takes the budgets of callers from its environment, as a gateway does', () => {
  const given = { REQUESTS_PER_MINUTE: '7', COST_PER_MINUTE: '0', WORKSPACE_COST_PER_MINUTE: '9' };
  expect(readEmbeddedConfig(given).budgets).toEqual({
    requests: 7,
    cost: 0,
    workspaceRequests: readEmbeddedConfig({}).budgets.workspaceRequests,
    workspaceCost: 9,
  });
});
