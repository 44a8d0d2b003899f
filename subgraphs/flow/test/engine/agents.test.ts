import { describe, expect, test } from '@jest/globals';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { recordTracesCommand } from '@tributary/contracts/commands';
import type { AgentTrace } from '@tributary/contracts/commands';
import { newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import type { DiscoveryTools } from '../../src/domain/discovery/tools/DiscoveryTools.js';
import { Agent, agentDefinitionOf } from '../../src/domain/engine/Agent.js';
import { AgentPools } from '../../src/domain/engine/AgentPools.js';
import { AgentRegistry } from '../../src/domain/engine/AgentRegistry.js';
import type { PhaseRun } from '../../src/domain/engine/PhaseRun.js';

const logger = createLogger({ name: 'test', level: 'silent' });

/** An engine that knows no kind runs agents with any tools. */
interface TestTools {
  readonly memory: { recall(): Promise<string> };
  readonly inventory: object;
}

@Agent<TestTools>('test-counter', { version: '7', tools: ['memory'] })
class Counter {
  static made = 0;

  constructor(private readonly tools: TestTools) {
    Counter.made += 1;
  }

  async run(_: PhaseRun, input: unknown) {
    if (input === 'break') throw new Error('broken');
    const output = { tools: Object.keys(this.tools), remembered: await this.tools.memory.recall() };
    return input === 'think'
      ? { rows: 3, output, usage: { model: 'some-model', inputTokens: 100, outputTokens: 20, costUsd: 0.5 } }
      : { rows: 3, output };
  }
}

const registry = () => new AgentRegistry<TestTools>().add(agentDefinitionOf<TestTools>(Counter)!);

function world() {
  const traces: AgentTrace[] = [];
  const commands = new LocalCommandClient(
    new CommandRegistry().register(recordTracesCommand, async ({ traces: sent }) => {
      traces.push(...sent);
      return { accepted: sent.length };
    }),
  );
  const made: string[] = [];
  const pools = new AgentPools<TestTools>({
    agents: registry(),
    commands,
    logger,
    createTools: (workspaceId) => {
      made.push(workspaceId);
      return { memory: { recall: async () => workspaceId }, inventory: {} };
    },
  });
  return { pools, traces, made };
}

const runOf = (workspaceId: string, attempt = 1) =>
  ({ workspaceId, flowId: newUuid(), phase: 'import', attempt, tries: 1 }) as unknown as PhaseRun;

describe('agents', () => {
  test('are found by themselves in their folder', async () => {
    const agents = await AgentRegistry.load<DiscoveryTools>(
      new URL('../../src/domain/discovery/agents/', import.meta.url),
    );
    expect(agents.names).toEqual([
      'dependency-mapper',
      'inventory-keeper',
      'mapping-suggester',
      'reporter',
      'row-cleanser',
      'settler',
      'source-profiler',
    ]);
    expect(() => agents.find('nobody')).toThrow('There is no agent nobody');
    expect(() => registry().add(agentDefinitionOf<TestTools>(Counter)!)).toThrow('Two agents are called test-counter');
  });

  test('get just the tools that they name, each workspace its own, when first asked', async () => {
    const { pools, made } = world();
    const [first, second] = [newUuid(), newUuid()];
    const before = Counter.made;
    expect(pools.size).toBe(0);
    const answer = { tools: ['memory'], remembered: first };
    expect(await pools.ask(runOf(first), 'test-counter', null)).toEqual(answer);
    expect(await pools.ask(runOf(first), 'test-counter', null)).toEqual(answer);
    expect(await pools.ask(runOf(second), 'test-counter', null)).toMatchObject({
      remembered: second,
    });
    expect(made).toEqual([first, second]);
    expect(Counter.made - before).toBe(2);
  });

  test('leave a trace of each run, whose id follows from what was run', async () => {
    const { pools, traces } = world();
    const run = runOf(newUuid(), 2);
    await pools.ask(run, 'test-counter', null);
    await pools.ask(run, 'test-counter', null);
    await expect(pools.ask(run, 'test-counter', 'break')).rejects.toThrow('broken');
    expect(traces.map((trace) => [trace.agent, trace.version, trace.operation, trace.status])).toEqual([
      ['test-counter', '7', 'import', 'OK'],
      ['test-counter', '7', 'import', 'OK'],
      ['test-counter', '7', 'import', 'ERROR'],
    ]);
    expect(traces[0]!.externalId).toBe(traces[1]!.externalId);
    expect(traces[0]!.externalId).not.toBe(traces[2]!.externalId);
    expect(traces[0]!.flowId).toBe(`flow_${run.flowId}`);
  });

  test('say what they used of a model, and their trace adds it to the time that they took', async () => {
    const { pools, traces } = world();
    await pools.ask(runOf(newUuid()), 'test-counter', 'think');
    expect(traces[0]).toMatchObject({ model: 'some-model', inputTokens: 100, outputTokens: 20 });
    expect(traces[0]!.costUsd).toBeGreaterThanOrEqual(0.5);
    await pools.ask(runOf(newUuid()), 'test-counter', null);
    expect(traces[1]).toMatchObject({ model: null, inputTokens: 0, outputTokens: 0 });
    expect(traces[1]!.costUsd).toBeLessThan(0.5);
  });

  test('are not lost for a trace that could not be recorded', async () => {
    const pools = new AgentPools<TestTools>({
      agents: registry(),
      commands: new LocalCommandClient(new CommandRegistry()),
      logger,
      createTools: () => ({ memory: { recall: async () => '' }, inventory: {} }),
    });
    expect(await pools.ask(runOf(newUuid()), 'test-counter', null)).toMatchObject({ remembered: '' });
  });
});
