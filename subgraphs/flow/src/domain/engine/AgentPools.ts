import { encodeId } from '@tributary/contracts/ids';
import { recordTracesCommand } from '@tributary/contracts/commands';
import type { AgentTrace } from '@tributary/contracts/commands';
import type { CommandClient } from '@tributary/commands';
import type { Logger } from '@tributary/observability';
import type { AgentAtWork, AgentDefinition, AgentUsage } from './Agent.js';
import type { AgentRegistry } from './AgentRegistry.js';
import { jobContext } from './jobContext.js';
import { PhaseRun } from './PhaseRun.js';

export interface AgentPoolsOptions<Tools extends object> {
  readonly agents: AgentRegistry<Tools>;
  readonly createTools: (workspaceId: string) => Tools;
  readonly commands: CommandClient;
  readonly logger: Logger;
  /** What a second of an agent's work costs, in US dollars: recorded as the trace's cost. Default 0.04 an hour, a share of a small server. */
  readonly usdPerSecond?: number;
}

interface Pool<Tools extends object> {
  readonly tools: Tools;
  readonly agents: Map<string, AgentAtWork>;
  usedAt: number;
}

const idleMs = 10 * 60_000;
const traceTries = 3;

/** How a phase has an agent do its work. */
export interface AskedAgents {
  /** Answers the agent's output. Throws what the agent throws. */
  ask(run: PhaseRun, name: string, input: unknown): Promise<unknown>;
}

/** What a trace says of a run besides what it was. */
interface RunFacts {
  readonly agent: string;
  readonly version: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly status: AgentTrace['status'];
  readonly usage: AgentUsage | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * The agents of each workspace, with tools that can reach that workspace only. A pool begins with the first agent that a phase of the
 * workspace asks for, and goes when it has been idle for ten minutes. Each run of an agent leaves a trace.
 */
export class AgentPools<Tools extends object> implements AskedAgents {
  private readonly pools = new Map<string, Pool<Tools>>();

  constructor(private readonly options: AgentPoolsOptions<Tools>) {}

  async ask(run: PhaseRun, name: string, input: unknown): Promise<unknown> {
    const definition = this.options.agents.find(name);
    const agent = this.agentOf(run.workspaceId, definition);
    const began = performance.now();
    const done = { agent: name, version: definition.version, startedAt: new Date() };
    try {
      const result = await agent.run(run, input);
      await this.leaveTrace(run, {
        ...done,
        durationMs: performance.now() - began,
        status: 'OK',
        usage: result.usage ?? null,
        attributes: { rows: result.rows },
      });
      return result.output;
    } catch (error) {
      const leaves = PhaseRun.endsClaim(error);
      await this.leaveTrace(run, {
        ...done,
        durationMs: performance.now() - began,
        status: leaves ? 'OK' : 'ERROR',
        usage: null,
        attributes: leaves ? { stopped: true } : { error: error instanceof Error ? error.name : 'unknown' },
      });
      throw error;
    }
  }

  /** Workspaces that have a pool now. */
  get size(): number {
    return this.pools.size;
  }

  private agentOf(workspaceId: string, definition: AgentDefinition<Tools>): AgentAtWork {
    const now = Date.now();
    for (const [id, pool] of this.pools) if (now - pool.usedAt > idleMs) this.pools.delete(id);
    let pool = this.pools.get(workspaceId);
    if (!pool)
      this.pools.set(
        workspaceId,
        (pool = { tools: this.options.createTools(workspaceId), agents: new Map(), usedAt: now }),
      );
    pool.usedAt = now;
    let agent = pool.agents.get(definition.name);
    if (!agent)
      pool.agents.set(definition.name, (agent = new definition.agentClass(pick(pool.tools, definition.tools))));
    return agent;
  }

  /** Sending again is safe, since the id follows from what was run. A run is not lost for its trace. */
  private async leaveTrace(run: PhaseRun, done: RunFacts): Promise<void> {
    const { agent, version, startedAt, durationMs, status, usage } = done;
    const usdPerSecond = this.options.usdPerSecond ?? 0.04 / 3_600;
    const costUsd = (durationMs / 1_000) * usdPerSecond + (usage?.costUsd ?? 0);
    const trace: AgentTrace = {
      externalId: `${run.flowId.replaceAll('-', '')}-${agent.slice(0, 18)}-${run.attempt}-${run.tries}-${status === 'OK' ? 'ok' : 'err'}`,
      startedAt,
      durationMs: Math.round(durationMs * 1_000) / 1_000,
      status,
      agent,
      operation: run.phase,
      model: usage?.model ?? null,
      department: null,
      environment: null,
      version,
      inputTokens: usage?.inputTokens ?? 0,
      outputTokens: usage?.outputTokens ?? 0,
      costUsd: Math.round(costUsd * 1e9) / 1e9,
      flowId: encodeId('flow', run.flowId),
      attributes: { ...done.attributes, phase: run.phase, attempt: run.attempt },
    };
    for (let tries = 1; tries <= traceTries; tries += 1) {
      try {
        await this.options.commands.call(
          recordTracesCommand,
          { traces: [trace] },
          jobContext(run.workspaceId, run.flowId),
        );
        return;
      } catch (err) {
        if (tries === traceTries)
          this.options.logger.warn(
            { err, flowId: run.flowId, agent },
            'the trace of an agent run could not be recorded',
          );
      }
    }
  }
}

/** An agent cannot reach what it did not name. */
function pick<Tools extends object>(tools: Tools, names: readonly (keyof Tools)[]): Tools {
  return Object.fromEntries(names.map((name) => [name, tools[name]])) as Tools;
}
