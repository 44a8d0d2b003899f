import { describe, expect, test } from '@jest/globals';
import { tracesIngestedPayload } from '@tributary/contracts/payloads';
import { newUuid } from '@tributary/kernel';
import { describeBatch } from '../src/domain/describeBatch.js';
import { toNano } from '../src/domain/toNano.js';
import { newTrace } from './metricsWorld.js';

const now = new Date('2026-03-01T12:00:00.000Z');
const minute = (text: string) => Date.parse(text) / 60_000;

function told(traces: Parameters<typeof newTrace>[0][]) {
  return describeBatch(
    newUuid(),
    traces.map((facts) => newTrace(facts)),
    now,
  );
}

describe('what is told of a batch', () => {
  test('names the hours in which its traces began, and the minutes of the past by start and by end', () => {
    const payload = told([
      { startedAt: new Date('2026-03-01T10:59:30.000Z'), durationMs: 60_000 },
      { startedAt: new Date('2026-03-01T11:00:10.000Z'), durationMs: 1 },
      { startedAt: new Date('2026-03-01T11:59:50.000Z'), durationMs: 1 },
    ]);
    expect(payload.hours).toEqual([[minute('2026-03-01T10:00:00Z') / 60, minute('2026-03-01T12:00:00Z') / 60]]);
    expect(payload.minutesStarted).toEqual([[minute('2026-03-01T10:59:00Z'), minute('2026-03-01T11:01:00Z')]]);
    expect(payload.minutesEnded).toEqual([[minute('2026-03-01T11:00:00Z'), minute('2026-03-01T11:01:00Z')]]);
    expect(payload).toMatchObject({
      accepted: 3,
      firstStartedAt: '2026-03-01T10:59:30.000Z',
      lastStartedAt: '2026-03-01T11:59:50.000Z',
    });
    expect(tracesIngestedPayload.parse(payload)).toEqual(payload);
  });

  test('has 200 spans at most, which hold every minute that more would have named', () => {
    const traces = Array.from({ length: 1_000 }, (_, n) => ({
      startedAt: new Date(now.getTime() - (n + 1) * 7 * 60_000),
    }));
    const { minutesStarted } = told(traces);
    expect(minutesStarted.length).toBeLessThanOrEqual(200);
    const holds = (at: number) => minutesStarted.some(([from, to]) => from <= at && at < to);
    for (const { startedAt } of traces) expect(holds(Math.floor(startedAt.getTime() / 60_000))).toBe(true);
  });

  test('names the 50 dearest agents and the cost of the rest', () => {
    const traces = Array.from({ length: 60 }, (_, n) => ({ agent: `agent-${n}`, costUsd: n }));
    const { costs, restNano } = told(traces);
    expect(costs).toHaveLength(50);
    expect(costs[0]).toEqual({ agent: 'agent-59', nano: '59000000000' });
    expect(restNano).toBe('45000000000');
  });
});

describe('cost', () => {
  test.each([
    [0, 0n],
    [0.0000123, 12_300n],
    [0.1, 100_000_000n],
    [1_000_000_000, 10n ** 18n],
    [2 ** -10, 976_562n],
    [3 * 2 ** -10, 2_929_688n],
    [4e-10, 0n],
    [6e-10, 1n],
  ])('%d dollars are %d billionths, half to even', (usd, nano) => {
    expect(toNano(usd)).toBe(nano);
  });
});
