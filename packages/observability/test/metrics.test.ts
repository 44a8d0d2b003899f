import { expect, test } from '@jest/globals';
import { counter, metricsSnapshot, metricsText } from '@tributary/observability';

test('what another thread of the process has counted is added to what this one has', async () => {
  const seen = counter('test_seen_total', 'Things seen.', ['kind']);
  seen.inc({ kind: 'a' }, 2);
  const other = structuredClone(await metricsSnapshot());
  seen.inc({ kind: 'a' }, 3);
  seen.inc({ kind: 'b' });
  expect(await metricsText()).toContain('test_seen_total{kind="a"} 5');
  const both = await metricsText([other]);
  expect(both).toContain('test_seen_total{kind="a"} 7');
  expect(both).toContain('test_seen_total{kind="b"} 1');
});
