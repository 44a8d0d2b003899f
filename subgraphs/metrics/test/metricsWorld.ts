import { CommandRegistry } from '@tributary/commands';
import { existingCommand } from '@tributary/contracts/commands';
import { newUuid } from '@tributary/kernel';
import { startSubgraphWorld, type SubgraphWorld } from '@tributary/kit/world';
import { metricsSubgraph } from '@tributary/subgraph-metrics';
import { plainTrace } from '../src/domain/checkTrace.js';
import type { SentTrace } from '../src/domain/checkTrace.js';
import { toNano } from '../src/domain/toNano.js';
import { toNewTrace } from '../src/domain/toNewTrace.js';

/** A database with the metrics subgraph on it. Flows exist when they are in `knownFlows`. */
export interface MetricsWorld extends SubgraphWorld {
  readonly knownFlows: Set<string>;
  /** Questions that were put to the flow subgraph. */
  readonly questions: (readonly string[])[];
}

export async function startMetricsWorld(): Promise<MetricsWorld> {
  const knownFlows = new Set<string>();
  const questions: (readonly string[])[] = [];
  const neighbours = new CommandRegistry().register(existingCommand.flow, async ({ ids }) => {
    questions.push(ids);
    return ids.filter((id) => knownFlows.has(id));
  });
  return { ...(await startSubgraphWorld(metricsSubgraph(), { neighbours })), knownFlows, questions };
}

export const ingest = `mutation ($traces: [TraceInput!]!) {
  ingestTraces(input: { traces: $traces }) { accepted duplicates rejected { index code message } }
}`;

/** A sound trace with the given facts. */
export function trace(facts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    externalId: newUuid(),
    startedAt: '2026-03-01T00:00:00.000Z',
    durationMs: 100,
    status: 'OK',
    agent: 'mapper',
    operation: 'suggest',
    ...facts,
  };
}

/** The same as the domain sees it. */
function sentTrace(facts: Partial<SentTrace> = {}): SentTrace {
  return {
    ...plainTrace,
    externalId: newUuid(),
    startedAt: new Date('2026-03-01T00:00:00.000Z'),
    durationMs: 100,
    status: 'OK',
    agent: 'mapper',
    operation: 'suggest',
    model: null,
    department: null,
    environment: null,
    version: null,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    flowId: null,
    attributes: {},
    ...facts,
  };
}

/** The row of a sound trace with the given facts, at the cost that its sender says. */
export function newTrace(facts: Parameters<typeof sentTrace>[0] = {}) {
  const sent = sentTrace(facts);
  return toNewTrace(sent, { costNano: toNano(sent.costUsd ?? 0), costSource: 'SENT' });
}
