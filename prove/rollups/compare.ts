import type { Statement } from '@tributary/data';
import type { Random } from '@tributary/kit';
import {
  breakdown,
  countAgents,
  seriesOfMetric,
  sessionTotals,
  tellsAgents,
  totals,
  totalsOfFlows,
} from '@tributary/subgraph-metrics/rollups';
import type { TraceSelection } from '@tributary/subgraph-metrics/rollups';
import { days, flow, sessions } from './RollupWorld.ts';
import type { RollupWorld } from './RollupWorld.ts';
import { flowOfTraces, sessionOfTraces } from './wholesOfTraces.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const filters = {
  agent: ['agent 1', 'agent 2'],
  department: ['IT'],
  environment: ['production'],
  model: ['m1'],
  version: ['1'],
  status: ['OK', 'TIMEOUT'],
} as const;

export interface Comparison {
  /** What differs; null when nothing does. */
  readonly difference: string | null;
  /** The largest relative error of a quantile. */
  readonly quantileError: number;
}

/**
 * Asks the same of cells and of traces in one snapshot: totals, and one more question. Sums, counts and maxima must be the same to the
 * last digit.
 */
export async function compare(world: RollupWorld, random: Random): Promise<Comparison> {
  const selection = draw(world, random);
  const withAgents = tellsAgents(selection.filter);
  const { name, ofCells, ofTraces, told } = random.pick(questions)(selection, random);
  const [cells, traces, more, moreOfTraces] = await world.database.readBatch({ workspaceId: world.workspaceId }, [
    totals(selection, 'DAY', withAgents),
    totals(selection, 'TRACE', withAgents),
    ofCells,
    ofTraces,
  ]);
  const pairs: [string, unknown, unknown][] = [
    ['totals', withoutQuantiles(cells), withoutQuantiles(traces)],
    [name, withoutP95(told ? more.map(told) : more), withoutP95(moreOfTraces)],
  ];
  const differing = pairs.find(([, one, other]) => JSON.stringify(one) !== JSON.stringify(other));
  const errors = (['p50', 'p95', 'p99'] as const).map((share) => {
    const [rounded, exact] = [cells[0]?.latency[share] ?? 0, traces[0]?.latency[share] ?? 0];
    return rounded === exact ? 0 : Math.abs(rounded / exact - 1);
  });
  return {
    difference: differing ? `${differing[0]} of ${JSON.stringify(selection)}` : null,
    quantileError: Math.max(...errors),
  };
}

interface Question {
  readonly name: string;
  /** What both must tell alike; default: the whole of each row. */
  readonly told?: (row: unknown) => unknown;
  readonly ofCells: Statement<unknown>;
  readonly ofTraces: Statement<unknown>;
}

const dimensions = ['AGENT', 'DEPARTMENT', 'ENVIRONMENT', 'MODEL', 'VERSION', 'STATUS'] as const;

/** Totals of a session or a flow, of which traces alone tell the same. */
type Whole = Readonly<
  Record<'requests' | 'errors' | 'inputTokens' | 'outputTokens' | 'costUsd' | 'unpricedRequests', number>
>;
const sumsOf = ({ requests, errors, inputTokens, outputTokens, costUsd, unpricedRequests }: Whole): Whole => {
  return { requests, errors, inputTokens, outputTokens, costUsd, unpricedRequests };
};

const questions: readonly ((selection: TraceSelection, random: Random) => Question)[] = [
  (selection) => ({ name: 'agents', ofCells: countAgents(selection), ofTraces: countAgents(selection, 'TRACE') }),
  (selection, random) => {
    const by = random.pick(dimensions);
    const [ofCells, ofTraces] = [breakdown(selection, by, 100), breakdown(selection, by, 100, 'TRACE')];
    return { name: `groups by ${by}`, ofCells, ofTraces };
  },
  (selection, random) => {
    const [by, bucket] = [random.pick(dimensions), random.pick(['HOUR', 'DAY', 'MONTH'] as const)];
    const series = (onlyTraces: boolean) => seriesOfMetric(selection, 'COST_USD', bucket, by, 100, onlyTraces);
    return { name: `points by ${by} and ${bucket}`, ofCells: series(false), ofTraces: series(true) };
  },
  (_, random) => {
    const id = random.pick(sessions);
    const told = (row: unknown) => {
      const session = row as Whole & { readonly firstAt: Date; readonly lastAt: Date };
      return { firstAt: session.firstAt, lastAt: session.lastAt, ...sumsOf(session) };
    };
    return { name: `session ${id}`, ofCells: sessionTotals(id), ofTraces: sessionOfTraces(id), told };
  },
  () => {
    const told = (row: unknown) => {
      const whole = row as Whole & { readonly latency: { readonly max: number | null } };
      return { longest: whole.latency.max, ...sumsOf(whole) };
    };
    return { name: 'flow', ofCells: totalsOfFlows([flow]), ofTraces: flowOfTraces(flow), told };
  },
];

/** Quantiles alone may differ, by as much as is told of those of totals. */
function withoutP95(rows: readonly unknown[]): unknown {
  return rows.map((row) => (typeof row === 'object' ? { ...row, latencyP95Ms: null } : row));
}

function withoutQuantiles(rows: readonly { readonly latency: { readonly max: number | null } }[]): unknown {
  return rows.map(({ latency, ...sums }) => ({ ...sums, max: latency.max }));
}

function draw(world: RollupWorld, random: Random): TraceSelection {
  const unit = random.pick([1, 1, hourMs, dayMs]);
  const begin = Math.floor((world.now - random.next() * days * dayMs) / unit) * unit;
  const length = Math.max(unit, Math.floor((random.next() ** 2 * days * dayMs) / unit) * unit);
  const filter: Record<string, readonly string[]> = {};
  for (const [name, values] of Object.entries(filters)) if (random.next() < 0.2) filter[name] = values;
  return { from: new Date(begin), to: new Date(begin + length), filter };
}
