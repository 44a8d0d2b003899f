import { expect, test } from '@jest/globals';
import { Cache, readCacheConfig } from '@tributary/cache';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { existingCommand } from '@tributary/contracts/commands';
import { Database } from '@tributary/data';
import { EventStreams, InProcessBus } from '@tributary/events';
import { Deadline, newUuid } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import { ScheduleRunner } from '@tributary/jobs';
import { createLogger } from '@tributary/observability';
import type { Subgraph } from '@tributary/server';
import { alertSubgraph } from '@tributary/subgraph-alert';
import { metricsSubgraph } from '@tributary/subgraph-metrics';
import { eventually, startTestDatabase } from '@tributary/kit';
import { giveRowsToWorkspaces } from '@tributary/kit/world';
import { parse } from 'graphql';

test('traces that arrive make a rule fire for their agent, its preview agrees, and it resolves when they are old', async () => {
  await using databaseFacts = await startTestDatabase();
  const logger = createLogger({ name: 'test', level: 'silent' });
  const metricsDefinition = metricsSubgraph();
  const definition = alertSubgraph({ pollMs: 50 });
  await using bus = new InProcessBus();
  await using database = await Database.open({
    url: databaseFacts.appUrl,
    entities: [...metricsDefinition.tables, ...definition.tables] as Function[],
    logger,
    hints: bus,
  });
  await using _rows = giveRowsToWorkspaces(database, databaseFacts.superuserUrl);
  await using streams = new EventStreams({ database, bus, logger });
  const registry = new CommandRegistry().register(existingCommand.flow, async () => []);
  const cache = new Cache(readCacheConfig({}));
  const deps = { database, bus, cache, streams, commands: new LocalCommandClient(registry), logger };
  await using metrics = metricsDefinition.serve(deps);
  registry.include(metrics.commands);
  await using alert = definition.serve(deps);
  await using schedules = new ScheduleRunner(definition.background(deps).schedules, logger);
  schedules.start();

  const principal: Principal = {
    workspaceId: newUuid(),
    actor: { kind: 'user', id: newUuid() },
    role: 'OPERATOR',
    scopes: null,
  };
  const ask = async (subgraph: Subgraph, source: string, variables: Record<string, unknown> = {}) => {
    const context = { principal, requestId: newUuid(), deadline: Deadline.in(10_000) };
    const result = await subgraph.execute({ document: parse(source), variables, context });
    const { data, errors } = JSON.parse(JSON.stringify(result));
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };

  // Ticks are ten seconds apart.
  const patiently = { timeoutMs: 25_000, intervalMs: 200 };
  const rule = {
    noData: 'RESOLVE',
    name: 'Errors',
    metric: 'ERROR_RATE',
    comparison: 'ABOVE',
    threshold: 0.4,
    windowSeconds: 10,
    groupBy: 'AGENT',
    severity: 'CRITICAL',
    delaySeconds: 0,
  };
  await ask(alert, 'mutation ($rule: AlertRuleInput!) { createAlertRule(input: { rule: $rule }) { rule { id } } }', {
    rule,
  });
  const began = Date.now();
  const trace = (agent: string, status: string) => ({
    externalId: newUuid(),
    startedAt: new Date(began - 1_000).toISOString(),
    durationMs: 5,
    status,
    agent,
    operation: 'run',
  });
  const traces = [trace('broken', 'ERROR'), trace('broken', 'OK'), trace('sound', 'OK')];
  await ask(metrics, 'mutation ($traces: [TraceInput!]!) { ingestTraces(input: { traces: $traces }) { accepted } }', {
    traces,
  });

  const list = '{ alerts { nodes { title status value occurrences rule { name } } } }';
  await eventually(async () => {
    expect((await ask(alert, list)).alerts.nodes).toEqual([
      { title: 'Errors: agent “broken”', status: 'FIRING', value: 0.5, occurrences: 1, rule: { name: 'Errors' } },
    ]);
  }, patiently);
  await eventually(
    async () => expect((await ask(alert, list)).alerts.nodes).toMatchObject([{ status: 'RESOLVED', value: 0.5 }]),
    patiently,
  );
  const preview = `query ($rule: AlertRuleInput!, $from: DateTime!, $to: DateTime!) {
    previewAlertRule(input: $rule, range: { from: $from, to: $to }) { firings { from to key peak } }
  }`;
  const from = new Date(began - 60_000);
  const { previewAlertRule } = await ask(alert, preview, {
    rule,
    from: from.toISOString(),
    to: new Date().toISOString(),
  });
  expect(previewAlertRule.firings).toMatchObject([{ key: 'broken', peak: 0.5 }]);
}, 60_000);
