/** What gateways have answered so far, of their own counting at `/metrics`. */
export interface OperationFigures {
  /** That went well or failed; what was refused is the caller's doing and counts for nothing. */
  readonly operations: number;
  /** By the gateway's or a subgraph's doing, whole or in part. */
  readonly failed: number;
  /** Queries and mutations by how long they took: upper bound in seconds, and how many took no longer. */
  readonly buckets: ReadonlyMap<number, number>;
}

const histogram = 'tributary_gateway_operation_seconds';
const line = new RegExp(`^${histogram}_(count|bucket)\\{([^}]*)\\} (\\S+)$`, 'gm');

/** Reads the figures out of what a gateway shows. Throws when there are none: what answers is no gateway. */
export function readOperationFigures(metrics: string): OperationFigures {
  if (!metrics.includes(`# TYPE ${histogram} `))
    throw new Error(`There is no ${histogram} in what it shows as its figures.`);
  let operations = 0;
  let failed = 0;
  const buckets = new Map<number, number>();
  for (const [, kind, labels = '', value] of metrics.matchAll(line)) {
    const { operation, outcome, le } = labelsOf(labels);
    if (outcome === 'refused') continue;
    if (kind === 'count') {
      operations += Number(value);
      if (outcome === 'failed') failed += Number(value);
    } else if (operation === 'query' || operation === 'mutation') {
      const bound = le === '+Inf' ? Infinity : Number(le);
      buckets.set(bound, (buckets.get(bound) ?? 0) + Number(value));
    }
  }
  return { operations, failed, buckets };
}

/** What came between two looks at the same gateways. Throws when one of them has begun to count anew. */
export function figuresBetween(before: OperationFigures, after: OperationFigures): OperationFigures {
  if (after.operations < before.operations) throw new Error('A gateway was started anew, and its figures with it.');
  return {
    operations: after.operations - before.operations,
    failed: after.failed - before.failed,
    buckets: new Map([...after.buckets].map(([bound, count]) => [bound, count - (before.buckets.get(bound) ?? 0)])),
  };
}

/** Of several gateways together. */
export function addFigures(all: readonly OperationFigures[]): OperationFigures {
  const buckets = new Map<number, number>();
  for (const each of all)
    for (const [bound, count] of each.buckets) buckets.set(bound, (buckets.get(bound) ?? 0) + count);
  return {
    operations: all.reduce((sum, each) => sum + each.operations, 0),
    failed: all.reduce((sum, each) => sum + each.failed, 0),
    buckets,
  };
}

/** The time that 95 % of queries and mutations are answered in, in seconds, by straight lines inside of a bucket. Null: there were none. */
export function p95Of({ buckets }: OperationFigures): number | null {
  const sorted = [...buckets].sort(([one], [other]) => one - other);
  const rank = (sorted.at(-1)?.[1] ?? 0) * 0.95;
  if (rank === 0) return null;
  let below = { bound: 0, count: 0 };
  for (const [bound, count] of sorted) {
    if (count >= rank) {
      if (bound === Infinity) return below.bound;
      return below.bound + ((bound - below.bound) * (rank - below.count)) / (count - below.count);
    }
    below = { bound, count };
  }
  return below.bound;
}

function labelsOf(text: string): Partial<Record<string, string>> {
  const found = [...text.matchAll(/(\w+)="([^"]*)"/g)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value] as const));
}
