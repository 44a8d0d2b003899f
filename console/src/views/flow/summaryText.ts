import { bytes, count, duration, label } from '../../words/format';

/** What a phase says of itself, in a line: "Rows 48 · Rejected 2". Only plain values are said. */
export function summaryText(summary: Readonly<Record<string, unknown>>): string {
  return Object.entries(summary)
    .flatMap(([name, value]) => {
      if (name === 'bytes' && typeof value === 'number') return [bytes(value)];
      if (name === 'seconds' && typeof value === 'number') return [duration(value * 1_000)];
      if (typeof value === 'number') return [`${label(name)} ${count(value)}`];
      if (typeof value === 'string' && value.length > 0 && value.length <= 60) return [`${label(name)} ${value}`];
      return [];
    })
    .slice(0, 6)
    .join(' · ');
}
