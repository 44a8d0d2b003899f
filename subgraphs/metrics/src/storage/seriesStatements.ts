import { bulkInsert, sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import type { TraceKind } from '@tributary/contracts/values';
import type { TraceDimensions } from './traceSeries.js';

export interface StoredSeries extends TraceDimensions {
  readonly series: string;
}

export interface NewSeries extends StoredSeries {
  readonly firstAt: Date;
}

/** Stores series; those that are there stay as they are. */
export function insertSeries(series: readonly NewSeries[]): Statement {
  const { text, values } = bulkInsert({
    into: 'trace_series',
    entries: series,
    columns: {
      series: { type: 'bigint', of: (each) => each.series },
      agent: { type: 'text', of: (each) => each.agent },
      department: { type: 'text', of: (each) => each.department },
      environment: { type: 'text', of: (each) => each.environment },
      model: { type: 'text', of: (each) => each.model },
      provider: { type: 'text', of: (each) => each.provider },
      version: { type: 'text', of: (each) => each.version },
      kind: { type: 'text', of: (each) => each.kind },
      first_at: { type: 'timestamptz', of: (each) => each.firstAt },
    },
    orderBy: 'entry.series',
    behind: 'on conflict (workspace_id, series) do nothing',
  });
  return sql('metrics.insertSeries', text, values);
}

/** What these numbers stand for. */
export function seriesByNumber(series: readonly string[]): Statement<StoredSeries> {
  return sql(
    'metrics.seriesByNumber',
    `select series::text, agent, department, environment, model, provider, version, kind from trace_series
     where workspace_id = $1 and series = any($2::bigint[])`,
    [series],
    (row) => ({ ...toDimensions(row), series: row['series'] as string }),
  );
}

function toDimensions(row: Row): TraceDimensions {
  return {
    agent: row['agent'] as string,
    department: row['department'] as string | null,
    environment: row['environment'] as string | null,
    model: row['model'] as string | null,
    provider: row['provider'] as string | null,
    version: row['version'] as string | null,
    kind: row['kind'] as TraceKind,
  };
}
