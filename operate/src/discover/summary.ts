import type { Column, Rejected, Understood } from './understood.js';

const labelWidth = 14;
const maxReasons = 10;

/** What became of what, for a terminal. */
export function summaryOf({ status, failure, discovery, ...flow }: Understood): string {
  const { rowsTotal, rowsValid, rowsRejected, assetsCreated, assetsUpdated, dependenciesFound } = discovery;
  return lines([
    `${discovery.sourceName}: ${outcome(status)}${secondsOf(flow)}`,
    ...(failure ? [row('Why', `${failure.message} (${failure.code})`)] : []),
    row('Read as', readAs(discovery)),
    row('Rows', `${rowsTotal} read, ${rowsValid} taken, ${rowsRejected} rejected`),
    row('Assets', `${assetsCreated} new, ${assetsUpdated} seen again`),
    row('Dependencies', `${dependenciesFound}`),
    ...columnsOf(discovery.columns.nodes),
    ...rejectedOf(discovery.rejectedRows.nodes, rowsRejected),
    ...findingsOf(discovery.findings),
  ]);
}

/** What was understood of the columns, for somebody who is to approve it. */
export function columnsShown({ discovery }: Understood): string {
  return lines([
    row('Read as', readAs(discovery)),
    ...discovery.columns.nodes.map(
      ({ path, became, samples, reason }) =>
        `  ${path} → ${became ?? '(kept as an attribute)'}${samples.length > 0 ? `   such as ${samples.join(' | ')}` : ''}\n      ${reason}`,
    ),
    ...findingsOf(discovery.findings),
  ]);
}

function outcome(status: string): string {
  return status.toLowerCase().replaceAll('_', ' ');
}

function secondsOf({ startedAt, finishedAt }: Pick<Understood, 'startedAt' | 'finishedAt'>): string {
  if (startedAt === null || finishedAt === null) return '';
  return `, ${((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s`;
}

function readAs({ sourceFormat, encoding, recognised }: Understood['discovery']): string {
  const known = recognised ? `, recognised as ${recognised.name} (${Math.round(recognised.confidence * 100)} %)` : '';
  return `${sourceFormat}${encoding ? `, ${encoding}` : ''}${known}`;
}

function columnsOf(columns: readonly Column[]): string[] {
  const became = columns.filter((column) => column.became !== null);
  const kept = columns.filter((column) => column.became === null);
  return [
    ...listed(
      'Columns',
      became.map(({ path, became }) => `${path} → ${became}`),
    ),
    ...listed(
      'As attributes',
      kept.map(({ path }) => path),
    ),
  ];
}

function rejectedOf(rows: readonly Rejected[], total: number): string[] {
  const byCode = Map.groupBy(rows, ({ code }) => code);
  const reasons = [...byCode].map(
    ([code, [first, ...more]]) => `${code}, ${more.length + 1} ×: line ${first?.line}: ${first?.message}`,
  );
  const rest = total > rows.length ? [`… of the first ${rows.length}; the others are in the flow's rejectedRows`] : [];
  return under('Rejected', [...reasons.slice(0, maxReasons), ...rest]);
}

function findingsOf(findings: Understood['discovery']['findings']): string[] {
  return under(
    'Noticed',
    findings.map(({ code, message, count }) => `${code}, ${count} ×: ${message}`),
  );
}

function listed(label: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [row(label, items.join(', '))];
}

function under(label: string, items: readonly string[]): string[] {
  return items.map((item, index) => row(index === 0 ? label : '', item));
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(labelWidth)} ${text}`;
}

function lines(rows: readonly string[]): string {
  return `${rows.join('\n')}\n`;
}
