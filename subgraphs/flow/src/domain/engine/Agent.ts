import type { AgentTools, ToolName } from '../discovery/tools/DiscoveryTools.js';
import type { PhaseRun } from './PhaseRun.js';

/** What an agent has done. */
export interface AgentResult<Output = unknown> {
  /** Rows (or columns, edges, chunks: what the agent works on) that it handled. */
  readonly rows: number;
  readonly output: Output;
}

/** A plug-in that does one kind of work for a phase. It keeps nothing between two runs. */
export interface AgentAtWork {
  run(run: PhaseRun, input: unknown): Promise<AgentResult>;
}

export type AgentClass = new (tools: AgentTools) => AgentAtWork;

export interface AgentDefinition {
  readonly name: string;
  /** Recorded with each trace, so that figures of two versions can be told apart. */
  readonly version: string;
  readonly tools: readonly ToolName[];
  readonly agentClass: AgentClass;
}

const definitions = new Map<string, AgentDefinition>();

/** Registers a class as the agent of that name. It is constructed with just the tools that it names. */
export function Agent(name: string, options: { readonly version: string; readonly tools: readonly ToolName[] }) {
  return (agentClass: AgentClass): void => {
    const known = definitions.get(name);
    if (known && known.agentClass.name !== agentClass.name) throw new Error(`Two agents are called ${name}.`);
    definitions.set(name, { name, agentClass, ...options });
  };
}

/** Throws when no loaded file registers an agent of that name. */
export function findAgent(name: string): AgentDefinition {
  const definition = definitions.get(name);
  if (!definition)
    throw new Error(`There is no agent ${name}. Known: ${[...definitions.keys()].join(', ') || 'none'}.`);
  return definition;
}

export function agentNames(): string[] {
  return [...definitions.keys()].sort();
}
