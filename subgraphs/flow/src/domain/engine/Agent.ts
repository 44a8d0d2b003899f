import type { PhaseRun } from './PhaseRun.js';

/** What a run of an agent has used besides its time. */
export interface AgentUsage {
  /** The model that was asked; of several, the one that took most. */
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars, without the time that the agent itself took. */
  readonly costUsd: number;
}

/** What an agent has done. */
export interface AgentResult<Output = unknown> {
  /** Rows (or columns, edges, chunks: what the agent works on) that it handled. */
  readonly rows: number;
  readonly output: Output;
  /** Absent: it asked no model. */
  readonly usage?: AgentUsage;
}

/** A plug-in that does one kind of work for a phase. It keeps nothing between two runs. */
export interface AgentAtWork {
  run(run: PhaseRun, input: unknown): Promise<AgentResult>;
}

export interface AgentOptions<Tools extends object> {
  /** Recorded with each trace, so that figures of two versions can be told apart. */
  readonly version: string;
  /** What the agent is constructed with, and all that it can reach. */
  readonly tools: readonly (keyof Tools & string)[];
}

export interface AgentDefinition<Tools extends object> extends AgentOptions<Tools> {
  readonly name: string;
  readonly agentClass: new (tools: Tools) => AgentAtWork;
}

const definitions = new WeakMap<object, AgentDefinition<never>>();

/** Makes a class the agent of that name, among agents that share a kind of tools. */
export function Agent<Tools extends object>(name: string, options: AgentOptions<Tools>) {
  return (agentClass: new (tools: Tools) => AgentAtWork): void => {
    definitions.set(agentClass, { name, agentClass, ...options });
  };
}

/** What `Agent` says of a class; null for everything else. */
export function agentDefinitionOf<Tools extends object>(exported: unknown): AgentDefinition<Tools> | null {
  if (typeof exported !== 'function') return null;
  return (definitions.get(exported) as AgentDefinition<Tools> | undefined) ?? null;
}
