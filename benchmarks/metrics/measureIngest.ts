import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { otlpTracesCommand } from '@tributary/contracts/commands';
import { newUuid } from '@tributary/kernel';
import { ask, systemRequest } from '@tributary/kit/world';
import { quantile } from '@tributary/kit/measure';
import type { TableRow } from '@tributary/kit/measure';
import { spend } from './backends.ts';
import type { Spent } from './backends.ts';
import type { BenchWorld } from './BenchWorld.ts';
import type { OneTable } from './OneTable.ts';

const tracesOfCall = 1_000;
const ingest = `mutation ($traces: [TraceInput!]!) { ingestTraces(input: { traces: $traces }) { accepted } }`;

/** What 1,000 traces cost PostgreSQL and Node, by each way in, beside the same rows into one table without row-level security. */
export async function measureIngest(bench: BenchWorld, table: OneTable, calls: number): Promise<TableRow[]> {
  const { world, operator, admin, workspaceId } = bench;
  const ways: readonly [string, (call: number) => Promise<unknown>][] = [
    ['one table, no row-level security', () => table.insert(rows(workspaceId))],
    ['ingestTraces', () => ask(world, operator, ingest, { traces: inputs() })],
    ['OTLP', () => sendSpans(bench, tracesOfCall)],
  ];
  const spent = new Map<string, Spent<void>[]>();
  // By turns, so that neither growth nor others on the machine favour one of them.
  for (let call = -2; call < calls; call += 1)
    for (const [name, way] of ways) {
      const one = await spend(admin, async () => void (await way(call)));
      if (call >= 0) spent.set(name, [...(spent.get(name) ?? []), one]);
    }
  const ofPostgres = (name: string) =>
    quantile(
      spent.get(name)!.map(({ postgresMs }) => postgresMs),
      0.5,
    );
  const [plain] = ways[0]!;
  return ways.map(([name]) => ({
    'per 1,000 traces': name,
    'postgres cpu ms': round(ofPostgres(name)),
    'of the first': (ofPostgres(name) / ofPostgres(plain)).toFixed(2),
    'node cpu ms': round(
      quantile(
        spent.get(name)!.map(({ nodeMs }) => nodeMs),
        0.5,
      ),
    ),
    'wall ms p50': round(
      quantile(
        spent.get(name)!.map(({ wallMs }) => wallMs),
        0.5,
      ),
    ),
  }));
}

/** How far the roll-up is behind while traces come in, and what it costs beside them. */
export async function measureLag(bench: BenchWorld, seconds: number): Promise<TableRow> {
  const { admin, workspaceId } = bench;
  await bench.rollUpAll();
  const runner = bench.startRollup();
  const lags: number[] = [];
  const until = performance.now() + seconds * 1_000;
  let sent = 0;
  const sending = (async () => {
    while (performance.now() < until) {
      await ask(bench.world, bench.operator, ingest, { traces: inputs() });
      sent += tracesOfCall;
      await delay(300);
    }
  })();
  while (performance.now() < until) {
    const { rows: found } = await admin.query<{ lag: number | null }>(
      `select extract(epoch from clock_timestamp() - min(e.at))::float8 as lag from event e
       join consumer_position p on p.workspace_id = e.workspace_id and p.stream_id = e.stream_id and p.consumer = 'rollup'
       where e.workspace_id = $1 and e.stream_id = 'traces' and e.seq > p.seq`,
      [workspaceId],
    );
    lags.push(found[0]!.lag ?? 0);
    await delay(100);
  }
  await sending;
  await runner.stop();
  return {
    'roll-up beside ingestion': `${Math.round(sent / seconds)} traces/s`,
    'lag p50 s': quantile(lags, 0.5).toFixed(2),
    'lag p99 s': quantile(lags, 0.99).toFixed(2),
  };
}

/** One request of an exporter, as the gateway hands it on. */
export async function sendSpans({ world, workspaceId }: BenchWorld, count: number): Promise<void> {
  const spans = Array.from({ length: count }, (_, n) => {
    const begin = BigInt(Date.now()) * 1_000_000n;
    return {
      traceId: newUuid().replaceAll('-', ''),
      spanId: newUuid().replaceAll('-', '').slice(16),
      name: 'chat',
      startTimeUnixNano: String(begin),
      endTimeUnixNano: String(begin + 250_000_000n),
      attributes: [
        ['gen_ai.operation.name', { stringValue: 'chat' }],
        ['gen_ai.request.model', { stringValue: `model ${n % 4}` }],
        ['gen_ai.usage.input_tokens', { intValue: 900 }],
        ['gen_ai.usage.output_tokens', { intValue: 90 }],
        ['tributary.cost_usd', { doubleValue: 0.01 }],
      ].map(([key, value]) => ({ key, value })),
    };
  });
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'agent 1' } }] };
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
  const outcome = await world.commands.stream(
    otlpTracesCommand,
    { format: 'json', gzip: false, countUsageOf: 'MODEL' },
    Readable.from([Buffer.from(body)]),
    systemRequest(workspaceId),
  );
  if (outcome.accepted !== count) throw new Error(`Of ${count} spans ${outcome.accepted} were accepted.`);
}

function inputs(): object[] {
  return Array.from({ length: tracesOfCall }, (_, n) => ({
    externalId: newUuid(),
    startedAt: new Date().toISOString(),
    durationMs: 250,
    status: 'OK',
    agent: `agent ${n % 40}`,
    operation: 'chat',
    model: `model ${n % 4}`,
    department: 'department 1',
    environment: 'production',
    version: '1',
    inputTokens: 900,
    outputTokens: 90,
    costUsd: 0.01,
  }));
}

function rows(workspaceId: string): object[] {
  return inputs().map((input) => {
    const { externalId, startedAt, durationMs, costUsd, inputTokens, outputTokens, ...rest } = input as Record<
      string,
      unknown
    >;
    const named = { external_id: externalId, started_at: startedAt, duration_ms: durationMs, cost_usd: costUsd };
    const tokens = { input_tokens: inputTokens, output_tokens: outputTokens };
    return { workspace_id: workspaceId, id: newUuid(), flow_id: null, attributes: {}, ...named, ...tokens, ...rest };
  });
}

const round = (value: number) => Math.round(value * 10) / 10;
