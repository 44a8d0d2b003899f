import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { agentDefinitionOf } from './Agent.js';
import type { AgentDefinition } from './Agent.js';

/** The agents that phases may ask, by name. All take their tools from one set. */
export class AgentRegistry<Tools extends object> {
  private readonly definitions = new Map<string, AgentDefinition<Tools>>();

  /** Every exported agent of a folder's files: putting a file there is all that an agent needs. */
  static async load<Tools extends object>(folder: URL): Promise<AgentRegistry<Tools>> {
    const registry = new AgentRegistry<Tools>();
    const ending = extname(fileURLToPath(import.meta.url));
    const files = (await readdir(folder)).filter((file) => extname(file) === ending && !file.endsWith('.d.ts')).sort();
    for (const file of files) {
      const module = (await import(new URL(file, folder).href)) as Record<string, unknown>;
      for (const exported of Object.values(module)) {
        const definition = agentDefinitionOf<Tools>(exported);
        if (definition) registry.add(definition);
      }
    }
    return registry;
  }

  /** Throws when the name is taken. */
  add(definition: AgentDefinition<Tools>): this {
    if (this.definitions.has(definition.name)) throw new Error(`Two agents are called ${definition.name}.`);
    this.definitions.set(definition.name, definition);
    return this;
  }

  /** Throws when no agent has that name. */
  find(name: string): AgentDefinition<Tools> {
    const definition = this.definitions.get(name);
    if (!definition) throw new Error(`There is no agent ${name}. Known: ${this.names.join(', ') || 'none'}.`);
    return definition;
  }

  get names(): string[] {
    return [...this.definitions.keys()].sort();
  }
}
