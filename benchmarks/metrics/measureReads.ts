import { Database } from '@tributary/data';
import { ask } from '@tributary/kit/world';
import { quantile } from '@tributary/kit/measure';
import type { TableRow } from '@tributary/kit/measure';
import { breakdown, countAgents, seriesOfMetric, totals } from '@tributary/subgraph-metrics/rollups';
import type { TraceSelection } from '@tributary/subgraph-metrics/rollups';
import { spend } from './backends.ts';
import type { BenchWorld } from './BenchWorld.ts';
import type { OneTable } from './OneTable.ts';

const dayMs = 86_400_000;
type Filter = TraceSelection['filter'];

/** From all to a few in a thousand. */
const selections: readonly { readonly name: string; readonly filter: Filter }[] = [
  { name: 'all', filter: {} },
  { name: 'environment', filter: { environment: ['production'] } },
  { name: 'agent', filter: { agent: ['agent 3'] } },
  { name: 'model', filter: { model: ['model 1', 'model 2'] } },
  { name: 'department, environment', filter: { department: ['department 2'], environment: ['production'] } },
  {
    name: 'department, model',
    filter: { department: ['department 0', 'department 1'], model: ['model 1', 'model 2'] },
  },
];

interface Question {
  readonly name: string;
  readonly days: number;
  readonly document: string;
  /** The same of traces alone, by the product's own statements. */
  readonly raw: (database: Database, workspaceId: string, selection: TraceSelection) => Promise<unknown>;
  /** The same of one table, as it was asked before. */
  readonly before: (table: OneTable, workspaceId: string, selection: TraceSelection) => Promise<unknown>;
}

const kpis = (days: number): Question => ({
  name: `KPIs, ${days} d`,
  days,
  document: `query ($from: DateTime!, $to: DateTime!, $filter: MetricFilter) { kpis(range: { from: $from, to: $to }, filter: $filter) {
    requests { value previous } errorRate { value } latencyMs { p50 p95 p99 max } costUsd { value } inputTokens { value } activeAgents { value } } }`,
  raw: (database, workspaceId, now) => {
    const before = { ...now, from: new Date(2 * now.from.getTime() - now.to.getTime()), to: now.from };
    return database.readBatch({ workspaceId }, [
      totals(now, 'TRACE'),
      totals(before, 'TRACE'),
      countAgents(now, 'TRACE'),
      countAgents(before, 'TRACE'),
    ]);
  },
  before: (table, workspaceId, selection) => table.kpis(workspaceId, selection),
});

const questions = (days: number): readonly Question[] => [
  kpis(1),
  kpis(days),
  {
    name: `series of p95 by day, ${days} d`,
    days,
    document: `query ($from: DateTime!, $to: DateTime!, $filter: MetricFilter) {
      metricSeries(metric: LATENCY_P95, bucket: DAY, range: { from: $from, to: $to }, filter: $filter) { points { at value } } }`,
    raw: (database, workspaceId, selection) =>
      database.read({ workspaceId }, seriesOfMetric(selection, 'LATENCY_P95', 'DAY', null, 10, true)),
    before: (table, workspaceId, selection) => table.series(workspaceId, selection),
  },
  {
    name: `breakdown by model, ${days} d`,
    days,
    document: `query ($from: DateTime!, $to: DateTime!, $filter: MetricFilter) {
      metricBreakdown(by: MODEL, range: { from: $from, to: $to }, filter: $filter) { key requests latencyP95Ms costUsd } }`,
    raw: (database, workspaceId, selection) =>
      database.read({ workspaceId }, breakdown(selection, 'MODEL', 20, 'TRACE')),
    before: (table, workspaceId, selection) => table.breakdown(workspaceId, selection),
  },
];

export interface ReadOptions {
  readonly now: number;
  /** That the traces are of. */
  readonly days: number;
  /** Of each question through the graph; traces alone and one table are asked a fifth of that. */
  readonly runs: number;
  readonly table: OneTable | null;
  /** Whether traces alone are asked, too. */
  readonly withRaw: boolean;
  readonly onRow: (row: TableRow) => void;
}

/** Off whole hours, as dashboards ask. */
export function endOfQuestions(now: number): Date {
  return new Date(now - 1_234_567);
}

/** Each question for each selection: through the graph, of traces alone, and of one table as before. */
export async function measureReads(
  bench: BenchWorld,
  { now, days, runs, table, withRaw, onRow }: ReadOptions,
): Promise<void> {
  const { workspaceId, world, operator } = bench;
  await using patient = await Database.open({
    url: world.testDatabase.appUrl,
    entities: [],
    logger: world.logger,
    statementTimeoutMs: 300_000,
    poolSize: 2,
  });
  for (const question of questions(days))
    for (const { name, filter } of selections) {
      const to = endOfQuestions(now);
      const selection = { from: new Date(to.getTime() - question.days * dayMs), to, filter };
      const variables = { from: selection.from.toISOString(), to: to.toISOString(), filter };
      const graph = async () => {
        const { errors } = await ask(world, operator, question.document, variables);
        if (errors) throw errors[0]!;
      };
      const few = Math.max(1, Math.round(runs / 5));
      const rolledUp = await timed(bench, runs, graph);
      const raw = withRaw && (await timed(bench, few, () => question.raw(patient, workspaceId, selection)));
      const before = table && (await timed(bench, few, () => question.before(table, workspaceId, selection)));
      onRow({
        question: question.name,
        selection: name,
        'p50 ms': rolledUp.p50,
        'p99 ms': rolledUp.p99,
        'cpu ms': rolledUp.cpuMs,
        ...(raw ? { 'raw p50': raw.p50, 'raw cpu': raw.cpuMs } : {}),
        ...(before ? { 'before p50': before.p50, 'before cpu': before.cpuMs } : {}),
        ...(raw ? { 'raw / cells, cpu': (raw.cpuMs / Math.max(0.1, rolledUp.cpuMs)).toFixed(1) } : {}),
      });
    }
}

async function timed(bench: BenchWorld, runs: number, work: () => Promise<unknown>) {
  // Plans are made and pages read the first time.
  await work();
  const times: number[] = [];
  const { postgresMs } = await spend(bench.admin, async () => {
    for (let run = 0; run < runs; run += 1) {
      const started = performance.now();
      await work();
      times.push(performance.now() - started);
    }
  });
  return { p50: round(quantile(times, 0.5)), p99: round(quantile(times, 0.99)), cpuMs: round(postgresMs / runs) };
}

const round = (value: number) => Math.round(value * 10) / 10;
