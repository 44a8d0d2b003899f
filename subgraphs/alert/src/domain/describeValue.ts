import type { AlertMetric } from '@tributary/contracts/values';

type Unit = 'NUMBER' | 'SHARE' | 'MS' | 'SECONDS' | 'USD';

/** What is no plain number. */
const units: Readonly<Partial<Record<AlertMetric, Unit>>> = {
  ERROR_RATE: 'SHARE',
  CHANGE_SHARE: 'SHARE',
  ASSETS_CHANGED_SHARE: 'SHARE',
  LATENCY_P50: 'MS',
  LATENCY_P95: 'MS',
  LATENCY_P99: 'MS',
  COST_USD: 'USD',
  FLOW_RUNNING_SECONDS: 'SECONDS',
  FLOW_WAITING_SECONDS: 'SECONDS',
  SECONDS_SINCE_FLOW_SUCCEEDED: 'SECONDS',
  WEBHOOK_FAILING_SECONDS: 'SECONDS',
};

const few = 3;
const many = 8;

/** What a rule measured and its threshold, for people: short, but never so short that both look the same where they are not. */
export function describeValues(
  metric: AlertMetric,
  value: number | null,
  threshold: number,
): { readonly value: string; readonly threshold: string } {
  const unit = units[metric] ?? 'NUMBER';
  const limit = describe(unit, threshold, many);
  const short = value === null ? 'not known' : describe(unit, value, few);
  if (short !== limit || value === null || value === threshold) return { value: short, threshold: limit };
  return { value: exact(unit, value), threshold: limit };
}

/** Whole numbers as they are. */
export function describeNumber(value: number, digits = few): string {
  const most = Math.max(digits, Math.trunc(Math.abs(value)).toString().length);
  return value.toLocaleString('en', { maximumSignificantDigits: Math.min(21, most) });
}

/** Two units at most: `1 h 7 min`. `digits`: of what is less than a minute. */
export function describeSeconds(seconds: number, digits = few): string {
  if (Math.abs(seconds) < minute) return `${describeNumber(seconds, digits)} s`;
  const whole = Math.round(Math.abs(seconds));
  const largest = parts.findIndex(([length]) => whole >= length);
  const spelt = parts.slice(largest, largest + 2).flatMap(([length, name], index) => {
    const count = Math.floor((index === 0 ? whole : whole % parts[largest]![0]) / length);
    return count > 0 ? [`${count} ${name}`] : [];
  });
  return `${seconds < 0 ? '-' : ''}${spelt.join(' ')}`;
}

const minute = 60;
const parts: readonly (readonly [length: number, name: string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [minute, 'min'],
  [1, 's'],
];

/** To the last digit that matters, in one unit. */
function exact(unit: Unit, value: number): string {
  if (unit === 'MS') return `${describeNumber(value, many)} ms`;
  return unit === 'SECONDS' ? `${describeNumber(value, many)} s` : describe(unit, value, many);
}

function describe(unit: Unit, value: number, digits: number): string {
  switch (unit) {
    case 'SHARE':
      return `${describeNumber(100 * value, digits)} %`;
    case 'MS':
      return Math.abs(value) < 1_000 ? `${describeNumber(value, digits)} ms` : describeSeconds(value / 1_000, digits);
    case 'SECONDS':
      return describeSeconds(value, digits);
    case 'USD':
      return `USD ${describeNumber(value, digits)}`;
    case 'NUMBER':
      return describeNumber(value, digits);
  }
}
