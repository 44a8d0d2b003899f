import { describe, expect, test } from '@jest/globals';
import { CommandRegistry, LocalCommandClient, recordTracesCommand } from '@tributary/commands';
import type { AgentTrace } from '@tributary/commands';
import { newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { Agent, agentNames, findAgent } from '../../src/domain/engine/Agent.js';
import { AgentPools } from '../../src/domain/engine/AgentPools.js';
import { loadAgents } from '../../src/domain/engine/loadAgents.js';
import type { PhaseRun } from '../../src/domain/engine/PhaseRun.js';
import type { AgentTools } from '../../src/domain/discovery/tools/DiscoveryTools.js';

const logger = createLogger({ name: 'test', level: 'silent' });

@Agent('test-counter', { version: '7', tools: ['mappingMemory'] })
class Counter {
  static made = 0;

  constructor(private readonly tools: AgentTools) {
    Counter.made += 1;
  }

  async run(_: PhaseRun, input: unknown) {
    if (input === 'break') throw new Error('broken');
    return {
      rows: 3,
      output: { tools: Object.keys(this.tools), remembered: await this.tools.mappingMemory.recall([]) },
    };
  }
}

function world() {
  const traces: AgentTrace[] = [];
  const commands = new LocalCommandClient(
    new CommandRegistry().register(recordTracesCommand, async ({ traces: sent }) => {
      traces.push(...sent);
      return { accepted: sent.length };
    }),
  );
  const made: string[] = [];
  const pools = new AgentPools({
    commands,
    logger,
    createTools: (workspaceId) => {
      made.push(workspaceId);
      return {
        mappingMemory: { recall: async () => [{ sourceField: workspaceId, targetField: null }] },
        inventory: {},
      } as unknown as AgentTools;
    },
  });
  return { pools, traces, made };
}

const runOf = (workspaceId: string, attempt = 1) =>
  ({ workspaceId, flowId: newUuid(), phase: 'import', attempt, tries: 1 }) as unknown as PhaseRun;

describe('agents', () => {
  test('are found by themselves in their folder', async () => {
    await loadAgents(new URL('../../src/domain/discovery/agents/', import.meta.url));
    expect(agentNames()).toEqual([
      'dependency-mapper',
      'inventory-keeper',
      'mapping-suggester',
      'reporter',
      'row-cleanser',
      'source-profiler',
      'test-counter',
    ]);
    expect(() => findAgent('nobody')).toThrow('There is no agent nobody');
  });

  test('get just the tools that they name, each workspace its own, when first asked', async () => {
    const { pools, made } = world();
    const [first, second] = [newUuid(), newUuid()];
    const before = Counter.made;
    expect(pools.size).toBe(0);
    const answer = { tools: ['mappingMemory'], remembered: [{ sourceField: first, targetField: null }] };
    expect(await pools.ask(runOf(first), 'test-counter', null)).toEqual(answer);
    expect(await pools.ask(runOf(first), 'test-counter', null)).toEqual(answer);
    expect(await pools.ask(runOf(second), 'test-counter', null)).toMatchObject({
      remembered: [{ sourceField: second }],
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

  test('are not lost for a trace that could not be recorded', async () => {
    const pools = new AgentPools({
      commands: new LocalCommandClient(new CommandRegistry()),
      logger,
      createTools: () => ({ mappingMemory: { recall: async () => [] } }) as unknown as AgentTools,
    });
    expect(await pools.ask(runOf(newUuid()), 'test-counter', null)).toMatchObject({ remembered: [] });
  });
});
