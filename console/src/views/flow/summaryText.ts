import { count, label } from '../../words/format';

/** What a phase says of itself, in a line: "Rows 48 · Rejected 2". Only plain values are said. */
export function summaryText(summary: Readonly<Record<string, unknown>>): string {
  return Object.entries(summary)
    .flatMap(([name, value]) => {
      if (typeof value === 'number') return [`${spaced(name)} ${count(value)}`];
      if (typeof value === 'string' && value.length > 0 && value.length <= 60) return [`${spaced(name)} ${value}`];
      return [];
    })
    .slice(0, 6)
    .join(' · ');
}

function spaced(name: string): string {
  return label(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2'));
}
