// `npm run bench:alerts`: three figures of alerts. How long an acknowledgement takes from its commit (`occurredAt`) to all watchers of
// `alertUpdates`, in cluster mode; how late rules are, of 5,000 that are due every minute, over the figures of the metrics subgraph; and how much
// later the rules of others are beside a workspace whose rules are dear. Lag is from the moment at which a tick is due until what was found of
// it is written.
//   --watchers 1000   --acknowledgements 30   --rules 5000   --seconds 180
//   --dear 500 (rules of the noisy workspace: p99 by agent over 30 days)   --traces 40000 (of it)
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { Cache, readCacheConfig } from '@tributary/cache';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { existingCommand, recordTracesCommand } from '@tributary/contracts/commands';
import { Database } from '@tributary/data';
import { EventStreams, InProcessBus } from '@tributary/events';
import { newUuid } from '@tributary/kernel';
import { startTestDatabase, System } from '@tributary/kit';
import { Client, manySockets } from '@tributary/kit/client';
import { Audience, printTable, quantile } from '@tributary/kit/measure';
import { systemRequest } from '@tributary/kit/world';
import { createLogger } from '@tributary/observability';
import { alertSubgraph } from '@tributary/subgraph-alert';
import { metricsSubgraph } from '@tributary/subgraph-metrics';

const { values: flags } = parseArgs({
  options: {
    watchers: { type: 'string', default: '1000' },
    acknowledgements: { type: 'string', default: '30' },
    rules: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '180' },
    dear: { type: 'string', default: '500' },
    traces: { type: 'string', default: '40000' },
  },
});
const rulesOfWorkspace = 500;
const lookEveryMs = 500;
const patienceMs = 60_000;

console.log(`Load at the start: ${loadavg()[0]!.toFixed(1)}.`);
await measureAcknowledgements(Number(flags.watchers), Number(flags.acknowledgements));
const alone = await measureLag(Number(flags.rules), false);
const beside = await measureLag(Number(flags.rules), true);
const rows = [
  { '': 'alone', evaluations: alone.length, ...spell(alone) },
  { '': 'beside a noisy workspace', evaluations: beside.length, ...spell(beside) },
];
printTable(rows);
console.log(
  `p99 beside / alone: ${(quantile(beside, 0.99) / quantile(alone, 0.99)).toFixed(2)}. Load: ${loadavg()[0]!.toFixed(1)}.`,
);

function spell(lags: readonly number[]) {
  return { 'p50 ms': quantile(lags, 0.5).toFixed(0), 'p99 ms': quantile(lags, 0.99).toFixed(0) };
}

async function measureAcknowledgements(watchers: number, acknowledgements: number): Promise<void> {
  await using system = await System.start({ mode: 'cluster', settings: manySockets });
  const client = new Client(system);
  const list = `{ alerts(filter: { status: [FIRING] }, first: 1) { nodes { id } } }`;
  const give = `mutation ($id: ID!) { unacknowledgeAlert(input: { id: $id }) { alert { id } } }`;
  const take = `mutation ($id: ID!) { acknowledgeAlert(input: { id: $id }) { alert { id } } }`;
  await client.ask(`mutation ($traces: [TraceInput!]!) { ingestTraces(input: { traces: $traces }) { accepted } }`, {
    traces: [
      {
        externalId: newUuid(),
        startedAt: new Date().toISOString(),
        durationMs: 1,
        status: 'ERROR',
        agent: 'bench',
        operation: 'run',
        inputTokens: 1,
        outputTokens: 1,
      },
    ],
  });
  await client.ask(
    `mutation { createAlertRule(input: { rule: { name: "Bench", metric: ERRORS, comparison: ABOVE, threshold: 0, windowSeconds: 86400,
      severity: WARNING, everySeconds: 10, delaySeconds: 0 } }) { rule { id } } }`,
  );
  let alert: { readonly id: string } | undefined;
  for (const until = performance.now() + patienceMs; !alert && performance.now() < until; await delay(lookEveryMs))
    alert = ((await client.ask(list)) as { alerts: { nodes: { id: string }[] } }).alerts.nodes[0];
  if (!alert) throw new Error('The rule raised no alert within a minute.');
  await using audience = await Audience.gather({
    url: `${system.origin.replace('http', 'ws')}/graphql`,
    authorization: await client.authorization(),
    query: 'subscription { alertUpdates { sequence occurredAt type alert { id status version } } }',
    members: Array.from({ length: watchers }, () => ({ variables: {} })),
    timed: true,
  });
  await audience.look();
  const latencies: number[] = [];
  for (let made = 0; made < acknowledgements; made += 1) {
    await client.ask(take, { id: alert.id });
    await delay(lookEveryMs);
    latencies.push(...(await audience.look()).latencies);
    await client.ask(give, { id: alert.id });
    await delay(lookEveryMs);
    await audience.look();
  }
  console.log(
    `Acknowledged ${acknowledgements} times before ${watchers} watchers: ${latencies.length} of ${acknowledgements * watchers} arrived; ` +
      `p50 ${quantile(latencies, 0.5).toFixed(0)} ms, p99 ${quantile(latencies, 0.99).toFixed(0)} ms.`,
  );
}

/** Lags of evaluations of the workspaces that are not noisy, in milliseconds. */
async function measureLag(rules: number, isNoisy: boolean): Promise<number[]> {
  await using opened = new AsyncDisposableStack();
  const testDatabase = opened.use(await startTestDatabase());
  const admin = new pg.Client({ connectionString: testDatabase.superuserUrl });
  await admin.connect();
  opened.defer(() => admin.end());
  const logger = createLogger({ name: 'bench', level: 'silent' });
  const [metricsDefinition, alertDefinition] = [metricsSubgraph(), alertSubgraph()];
  const bus = opened.use(new InProcessBus());
  const entities = [...metricsDefinition.tables, ...alertDefinition.tables] as Function[];
  const database = opened.use(await Database.open({ url: testDatabase.appUrl, entities, logger, hints: bus }));
  const streams = opened.use(new EventStreams({ database, bus, logger }));
  const registry = new CommandRegistry().register(existingCommand.flow, async () => []);
  const deps = {
    database,
    bus,
    cache: new Cache(readCacheConfig({})),
    streams,
    commands: new LocalCommandClient(registry),
    logger,
  };
  registry.include(opened.use(metricsDefinition.serve(deps)).commands);
  const evaluate = alertDefinition.background(deps).schedules.find(({ name }) => name === 'due alert rules')!;
  const noisy = newUuid();
  for (let made = 0; made < rules; made += rulesOfWorkspace) {
    await makeRules(admin, newUuid(), Math.min(rulesOfWorkspace, rules - made), {
      metric: 'ERROR_RATE',
      window: 300,
      every: 60,
    });
  }
  if (isNoisy) await makeNoise(admin, deps.commands, noisy);
  const lags: number[] = [];
  const seen = new Map<string, number>();
  const until = performance.now() + Number(flags.seconds) * 1_000;
  while (performance.now() < until) {
    await evaluate.run();
    const { rows } = await admin.query<{ id: string; until: Date; lag: number }>(
      `select id, evaluated_until as until, lag_ms as lag from alert_rule where workspace_id <> $1 and evaluated_until is not null`,
      [noisy],
    );
    for (const { id, until: tick, lag } of rows) {
      const before = seen.get(id);
      seen.set(id, tick.getTime());
      // A rule’s first evaluation is of a tick that was before it was made.
      if (before !== undefined && before !== tick.getTime()) lags.push(lag);
    }
    await delay(lookEveryMs);
  }
  return lags;
}

interface RuleFacts {
  readonly metric: string;
  readonly window: number;
  readonly every: number;
}

async function makeRules(
  admin: pg.Client,
  workspaceId: string,
  count: number,
  { metric, window, every }: RuleFacts,
): Promise<void> {
  await admin.query('insert into workspace (workspace_id, name, slug) values ($1, $2, $2)', [
    workspaceId,
    `bench-${workspaceId.slice(-12)}`,
  ]);
  await admin.query(
    `insert into alert_rule (workspace_id, id, name, metric, comparison, threshold, window_seconds, group_by, severity, enabled, every_seconds,
       delay_seconds, next_evaluation_at)
     select $1, gen_random_uuid(), 'rule ' || n, $3, 'ABOVE', 1e12, $4, 'AGENT', 'WARNING', true, $5, 15, to_timestamp(0)
     from generate_series(1, $2::integer) as n`,
    [workspaceId, count, metric, window, every],
  );
}

async function makeNoise(admin: pg.Client, commands: LocalCommandClient, workspaceId: string): Promise<void> {
  await makeRules(admin, workspaceId, Number(flags.dear), { metric: 'LATENCY_P99', window: 30 * 86_400, every: 10 });
  const now = Date.now();
  for (let made = 0; made < Number(flags.traces); made += 1_000) {
    const traces = Array.from({ length: 1_000 }, (_, index) => ({
      externalId: newUuid(),
      startedAt: new Date(now - (((made + index) * 60_000) % (29 * 86_400_000))),
      durationMs: 100 + index,
      status: 'OK' as const,
      agent: `agent-${index % 200}`,
      operation: 'run',
      model: null,
      department: null,
      environment: null,
      version: null,
      inputTokens: 1,
      outputTokens: 1,
      costUsd: 0,
      flowId: null,
      attributes: {},
    }));
    await commands.call(recordTracesCommand, { traces }, systemRequest(workspaceId));
  }
}
