import { expect, test } from '@jest/globals';
import type { Logger } from '@tributary/observability';
import { noteDelivery } from '../src/domain/delivery/noteDelivery.js';

test.each([
  ['DELIVERED', 'ok'],
  ['RETRY', 'retry'],
  ['DEAD_LETTER', 'dead_letter'],
] as const)('a try that ends as %s is one line of the log, which the id of what was sent finds', (outcome, status) => {
  const lines: unknown[] = [];
  const logger = { info: (...line: unknown[]) => lines.push(line) } as unknown as Logger;
  const tried = {
    kind: 'webhook' as const,
    workspaceId: 'w',
    messageId: 'evt_1',
    outcome,
    durationMs: 12.345,
    attempt: 2,
  };
  noteDelivery(logger, { ...tried, facts: { webhookId: 'h', events: 3 } });
  const line = { event: 'delivery', status, durationMs: 12.3, requestId: 'evt_1', workspaceId: 'w' };
  expect(lines).toEqual([[{ ...line, attempt: 2, webhookId: 'h', events: 3 }, 'delivery']]);
});
