import { setTimeout as delay } from 'node:timers/promises';
import type { GatewaySecrets } from '@tributary/auth';
import { Cache, readCacheConfig, RedisLevel } from '@tributary/cache';
import { newUuid } from '@tributary/kernel';
import { startTestRedis } from '@tributary/kit';
import { printTable, quantile } from '@tributary/kit/measure';
import { person, startSubgraphWorld, tell } from '@tributary/kit/world';
import { counter, type Logger } from '@tributary/observability';
import { metricsSubgraph } from '@tributary/subgraph-metrics';

const viewers = 10;
const everyMs = 4_000;
const tracesOfBatch = 50;
const goal = 0.7;

const dashboard = `query {
  kpis(range: { last: DAY }) { freshAsOf computedAt requests { value } latencyMs { p95 } }
  metricSeries(metric: REQUESTS, range: { last: DAY }, bucket: HOUR) { points { at value } }
  metricBreakdown(by: AGENT, range: { last: DAY }) { key costUsd }
  cost(range: { last: MONTH }) { totalUsd { value } }
}`;
const ingest = `mutation ($traces: [TraceInput!]!) { ingestTraces(input: { traces: $traces }) { accepted } }`;

interface Half {
  readonly times: number[];
  errors: number;
  oldest: number;
}

/** People look at a dashboard of two processes while a batch of traces comes each second; in the middle Redis is killed. Answers whether all went well. */
export async function lookAtDashboards(forMs: number, secrets: GatewaySecrets, logger: Logger): Promise<boolean> {
  await using redis = await startTestRedis();
  await using world = await startSubgraphWorld(metricsSubgraph());
  await using opened = new AsyncDisposableStack();
  const processes = Array.from({ length: 2 }, () => {
    const shared = new RedisLevel({ url: redis.url, secrets, logger });
    const cache = opened.use(new Cache(readCacheConfig({}), shared));
    return { subgraph: opened.use(metricsSubgraph().serve({ ...world, cache })) };
  });
  const reader = person(newUuid());
  const send = (secondsAgo: number) =>
    tell(world, reader, ingest, {
      traces: Array.from({ length: tracesOfBatch }, (_, n) => ({
        externalId: newUuid(),
        startedAt: new Date(Date.now() - secondsAgo * 1_000 - n).toISOString(),
        durationMs: n,
        status: 'OK',
        agent: `agent ${n % 5}`,
        operation: 'chat',
      })),
    });
  for (let hour = 1; hour < 48; hour += 1) await send(hour * 3_600);
  const halves: Half[] = [];
  let half: Half = { times: [], errors: 0, oldest: 0 };
  const until = performance.now() + forMs;
  const look = async (viewer: number): Promise<void> => {
    await delay((viewer * everyMs) / viewers);
    while (performance.now() < until) {
      const begun = performance.now();
      try {
        const { kpis } = await tell(processes[viewer % 2]!, reader, dashboard);
        half.oldest = Math.max(half.oldest, Date.now() - Date.parse(kpis.computedAt));
      } catch {
        half.errors += 1;
      }
      half.times.push(performance.now() - begun);
      await delay(everyMs);
    }
  };
  const sending = (async () => {
    while (performance.now() < until) {
      await send(0);
      await delay(1_000);
    }
  })();
  const before = await outcomes();
  const killing = delay(forMs / 2).then(async () => {
    halves.push(half);
    half = { times: [], errors: 0, oldest: 0 };
    await redis.kill();
  });
  await Promise.all([sending, killing, ...Array.from({ length: viewers }, (_, viewer) => look(viewer))]);
  halves.push(half);
  const after = await outcomes();
  const [given, all] = [after.given - before.given, after.all - before.all];
  printTable(
    halves.map(({ times, errors, oldest }, index) => ({
      '': index === 0 ? 'with Redis' : 'Redis killed',
      dashboards: times.length,
      errors,
      'p50 ms': quantile(times, 0.5),
      'p99 ms': quantile(times, 0.99),
      'oldest s': oldest / 1_000,
    })),
  );
  console.log(
    `${viewers} people, a batch a second: ${((100 * given) / all).toFixed(1)} % of ${all} figures were given again (goal ${goal * 100} %).`,
  );
  return (
    given / all >= goal &&
    halves.every(({ errors, oldest, times }) => errors === 0 && times.length > 0 && oldest <= 40_000)
  );
}

async function outcomes(): Promise<{ given: number; all: number }> {
  const { values } = await counter<'level' | 'kind' | 'outcome'>('tributary_cache_total', '').get();
  const sum = (of: readonly { readonly value: number }[]) => of.reduce((total, { value }) => total + value, 0);
  const given = values.filter(({ labels }) => labels.outcome === 'hit' || labels.outcome === 'joined');
  return { given: sum(given), all: sum(values) };
}
