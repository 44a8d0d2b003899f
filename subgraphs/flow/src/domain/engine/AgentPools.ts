import { encodeId } from '@tributary/kernel';
import { recordTracesCommand } from '@tributary/commands';
import type { AgentTrace, CommandClient } from '@tributary/commands';
import type { Logger } from '@tributary/observability';
import type { AgentTools, ToolName } from '../discovery/tools/DiscoveryTools.js';
import { jobContext } from './jobContext.js';
import { findAgent } from './Agent.js';
import type { AgentAtWork, AgentDefinition } from './Agent.js';
import { PhaseRun } from './PhaseRun.js';

export interface AgentPoolsOptions {
  readonly createTools: (workspaceId: string) => AgentTools;
  readonly commands: CommandClient;
  readonly logger: Logger;
  /** What a second of an agent's work costs, in US dollars: recorded as the trace's cost. Default 0.04 an hour, a share of a small server. */
  readonly usdPerSecond?: number;
}

interface Pool {
  readonly tools: AgentTools;
  readonly agents: Map<string, AgentAtWork>;
  usedAt: number;
}

const idleMs = 10 * 60_000;
const traceTries = 3;

/**
 * The agents of each workspace, with tools that can reach that workspace only. A pool begins with the first agent that a phase of the
 * workspace asks for, and goes when it has been idle for ten minutes. Each run of an agent leaves a trace.
 */
export class AgentPools {
  private readonly pools = new Map<string, Pool>();

  constructor(private readonly options: AgentPoolsOptions) {}

  async ask(run: PhaseRun, name: string, input: unknown): Promise<unknown> {
    const definition = findAgent(name);
    const agent = this.agentOf(run.workspaceId, definition);
    const startedAt = new Date();
    const began = performance.now();
    const done = { definition, startedAt };
    try {
      const result = await agent.run(run, input);
      await this.leaveTrace(run, {
        ...done,
        durationMs: performance.now() - began,
        status: 'OK',
        attributes: { rows: result.rows },
      });
      return result.output;
    } catch (error) {
      const leaves = PhaseRun.isLeaving(error);
      const attributes = leaves ? { stopped: true } : { error: error instanceof Error ? error.name : 'unknown' };
      await this.leaveTrace(run, {
        ...done,
        durationMs: performance.now() - began,
        status: leaves ? 'OK' : 'ERROR',
        attributes,
      });
      throw error;
    }
  }

  /** Workspaces that have a pool now. */
  get size(): number {
    return this.pools.size;
  }

  private agentOf(workspaceId: string, definition: AgentDefinition): AgentAtWork {
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
  private async leaveTrace(
    run: PhaseRun,
    done: {
      definition: AgentDefinition;
      startedAt: Date;
      durationMs: number;
      status: AgentTrace['status'];
      attributes: Record<string, unknown>;
    },
  ): Promise<void> {
    const { definition, startedAt, durationMs, status } = done;
    const usdPerSecond = this.options.usdPerSecond ?? 0.04 / 3_600;
    const trace: AgentTrace = {
      externalId: `${run.flowId.replaceAll('-', '')}-${definition.name.slice(0, 18)}-${run.attempt}-${run.tries}-${status === 'OK' ? 'ok' : 'err'}`,
      startedAt,
      durationMs: Math.round(durationMs * 1_000) / 1_000,
      status,
      agent: definition.name,
      operation: run.phase,
      model: null,
      department: null,
      environment: null,
      version: definition.version,
      inputTokens: 0,
      outputTokens: 0,
      costUsd: Math.round((durationMs / 1_000) * usdPerSecond * 1e9) / 1e9,
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
            { err, flowId: run.flowId, agent: definition.name },
            'the trace of an agent run could not be recorded',
          );
      }
    }
  }
}

/** An agent cannot reach what it did not name. */
function pick(tools: AgentTools, names: readonly ToolName[]): AgentTools {
  return Object.fromEntries(names.map((name) => [name, tools[name]])) as unknown as AgentTools;
}
