import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import type { Subgraph } from '@tributary/server';
import { seedDemoPeople } from '@tributary/subgraph-workspace';
import { DemoOperator } from './DemoOperator.js';
import type { EstateSize } from './demoHosts.js';
import { demoAlerts, demoRules } from './demoRules.js';
import { cutOff, demoEstate, toBeApproved } from './demoSources.js';
import type { DemoDiscovery } from './demoSources.js';
import { demoTraces } from './demoTraces.js';

/** The samples of one workspace. */
interface Samples {
  readonly estate: EstateSize;
  readonly traces: number;
  /** With rules, alerts, and discoveries that did not simply succeed. */
  readonly story: boolean;
}

const samplesOf: Readonly<Record<string, Samples>> = {
  acme: {
    estate: {
      sites: ['Hamburg', 'Lisbon', 'Osaka'],
      hypervisors: 8,
      machines: 76,
      databases: 14,
      accessSwitches: 4,
      systems: 35,
    },
    traces: 10_000,
    story: true,
  },
  globex: {
    estate: { sites: ['Hamburg'], hypervisors: 4, machines: 16, databases: 4, accessSwitches: 2, systems: 4 },
    traces: 500,
    story: false,
  },
};

const tracesOfCall = 1_000;
/** A start does not hang on a sample: on a machine that has much to do they are completed behind it. */
const patienceMs = 30_000;
const longestMs = 10 * 60_000;

/** Completes the samples, of which some need the worker; resolves when they are complete, or the start has waited long enough. */
type SamplesToCome = () => Promise<void>;

/**
 * The demo people, and for each workspace that is new what a company has after a month: its estate, found by discoveries, what its
 * agents did, and what needed somebody. All of it is asked of the graph, as the workspace's operator would. Answers once everything is
 * asked for that needs no worker; the rest is what it answers. The log says how long that took.
 */
export async function seedDemo(
  database: Database,
  subgraphs: readonly Subgraph[],
  withSamples: boolean,
  logger: Logger,
): Promise<SamplesToCome> {
  const begun = performance.now();
  const onFault = (err: unknown) => logger.warn({ err }, 'the samples are not complete');
  const people = await seedDemoPeople(database);
  const now = new Date();
  const fresh = withSamples ? people.filter(({ created }) => created) : [];
  const asked = await Promise.allSettled(
    fresh.map((workspace) => {
      const operator = new DemoOperator(subgraphs, workspace, now.getTime() + longestMs);
      return seedWorkspace(operator, workspace.slug, samplesOf[workspace.slug]!, now);
    }),
  );
  // Whoever starts it wants the product, with its samples or without.
  for (const one of asked) if (one.status === 'rejected') onFault(one.reason);
  const toCome = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return async () => {
    const waited = new AbortController();
    const completed = Promise.all(toCome.map((rest) => rest())).catch(onFault);
    const patience = delay(patienceMs, undefined, { signal: waited.signal }).catch(() => undefined);
    await Promise.race([completed, patience]);
    waited.abort();
    if (fresh.length > 0) logger.info({ ms: Math.round(performance.now() - begun) }, 'the samples are made');
  };
}

async function seedWorkspace(
  operator: DemoOperator,
  slug: string,
  { estate, traces, story }: Samples,
  now: Date,
): Promise<SamplesToCome> {
  const [hosts, systems] = demoEstate(slug, estate);
  const failing = story ? await start(operator, cutOff) : null;
  const waiting = story ? await start(operator, toBeApproved) : null;
  const hostsFlow = await start(operator, hosts);
  await ingest(operator, demoTraces(now, traces));
  if (story) for (const rule of demoRules) await operator.ask('alert', createRule, { input: { rule } });
  return async () => {
    await hasStatus(operator, hostsFlow, ['SUCCEEDED', 'FAILED']);
    const systemsFlow = await start(operator, systems);
    if (failing && waiting) {
      await hasStatus(operator, waiting, ['AWAITING_APPROVAL', 'FAILED']);
      await answerAlerts(operator);
    }
    await hasStatus(operator, systemsFlow, ['SUCCEEDED', 'FAILED']);
  };
}

/** Call by call: two at once would only wait for each other. */
async function ingest(operator: DemoOperator, traces: ReturnType<typeof demoTraces>): Promise<void> {
  for (let from = 0; from < traces.length; from += tracesOfCall)
    await operator.ask('metrics', ingestTraces, { input: { traces: traces.slice(from, from + tracesOfCall) } });
}

interface DemoAlert {
  readonly id: string;
  readonly title: string;
}

/** Somebody has looked at three of the alerts: takes up two, and is done with the third. */
async function answerAlerts(operator: DemoOperator): Promise<void> {
  const alerts = await operator.waitFor(async () => {
    const { nodes } = await operator.ask<{ readonly nodes: readonly DemoAlert[] }>('alert', listAlerts);
    return nodes.length >= demoAlerts ? nodes : null;
  });
  const answer = async (title: string, mutation: string, comment: string) => {
    const id = alerts?.find((alert) => alert.title.includes(title))?.id;
    if (id !== undefined) await operator.ask('alert', mutation, { input: { id, comment } });
  };
  await answer(
    'incident-scribe',
    acknowledge,
    'Their provider was down for a day. Version 1.9.1 falls back to another model.',
  );
  await answer('gemini-2.5-pro', acknowledge, 'Finance compares it with a quicker one this week.');
  await answer('Nightly export', resolve, 'The export was cut off at midnight. A complete one is on its way.');
}

async function start(operator: DemoOperator, input: DemoDiscovery): Promise<string> {
  const { flow } = await operator.ask<{ readonly flow: { readonly id: string } }>('flow', startDiscovery, { input });
  return flow.id;
}

async function hasStatus(operator: DemoOperator, id: string, wanted: readonly string[]): Promise<void> {
  await operator.waitFor(async () => {
    const { status } = await operator.ask<{ readonly status: string }>('flow', statusOfFlow, { id });
    return wanted.includes(status) ? status : null;
  });
}

const startDiscovery = 'mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }';
const statusOfFlow = 'query ($id: ID!) { flow(id: $id) { status } }';
const ingestTraces = 'mutation ($input: IngestTracesInput!) { ingestTraces(input: $input) { accepted } }';
const createRule = 'mutation ($input: CreateAlertRuleInput!) { createAlertRule(input: $input) { rule { id } } }';
const listAlerts = '{ alerts(first: 20) { nodes { id title } } }';
const acknowledge = 'mutation ($input: AcknowledgeAlertInput!) { acknowledgeAlert(input: $input) { alert { id } } }';
const resolve = 'mutation ($input: ResolveAlertInput!) { resolveAlert(input: $input) { alert { id } } }';
