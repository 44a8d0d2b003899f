import { describe, expect, test } from '@jest/globals';
import type { AlertMetric } from '@tributary/contracts/values';
import { describeNumber, describeSeconds, describeValues } from '../src/domain/describeValue.js';

const spelt = (metric: AlertMetric, value: number | null, threshold: number) => {
  const { value: was, threshold: limit } = describeValues(metric, value, threshold);
  return `${was} / ${limit}`;
};

describe('what a rule measured', () => {
  test.each([
    ['ERROR_RATE', 0.106952, 0.1, '10.7 % / 10 %'],
    ['CHANGE_SHARE', -0.5, -0.4, '-50 % / -40 %'],
    ['LATENCY_P95', 850.4321, 500, '850 ms / 500 ms'],
    ['LATENCY_P99', 61_234.5, 60_000, '1 min 1 s / 1 min'],
    ['LATENCY_P50', 1_234.5, 1_000, '1.23 s / 1 s'],
    ['COST_USD', 12.3456, 0.5, 'USD 12.3 / USD 0.5'],
    ['FLOW_RUNNING_SECONDS', 4_025.2, 3_600, '1 h 7 min / 1 h'],
    ['REQUESTS', 1_234_567, 1_000_000, '1,234,567 / 1,000,000'],
    ['ERRORS', 0, 1, '0 / 1'],
    ['ERROR_RATE', null, 0.1, 'not known / 10 %'],
  ] as const)('%s is written for people', (metric, value, threshold, expected) => {
    expect(spelt(metric, value, threshold)).toBe(expected);
  });

  test('never looks as if it were at its threshold when it is not', () => {
    expect(spelt('ERROR_RATE', 0.10004, 0.1)).toBe('10.004 % / 10 %');
    expect(spelt('ERROR_RATE', 0.1, 0.1)).toBe('10 % / 10 %');
    expect(spelt('COST_USD', 100.0012, 100)).toBe('USD 100.0012 / USD 100');
    expect(spelt('LATENCY_P95', 60_001.3, 60_000)).toBe('60,001.3 ms / 1 min');
    expect(spelt('FLOW_RUNNING_SECONDS', 3_610, 3_600)).toBe('3,610 s / 1 h');
  });
});

test('times have two units at most, and numbers keep what is whole', () => {
  expect([0, 59, 60, 90, 86_400, 90_000, 200_000].map((seconds) => describeSeconds(seconds))).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '1 min 30 s',
    '1 d',
    '1 d 1 h',
    '2 d 7 h',
  ]);
  expect([1e15, 12_345.678, 0.123456].map((value) => describeNumber(value))).toEqual([
    '1,000,000,000,000,000',
    '12,346',
    '0.123',
  ]);
});
