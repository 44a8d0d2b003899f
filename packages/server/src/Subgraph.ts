import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { CommandRegistry } from '@tributary/commands';
import type { SubgraphName } from '@tributary/contracts/subgraphs';
import type { FederatedSchema } from './buildFederatedSchema.js';
import type { SubgraphAnswers } from './SubgraphAnswers.js';
import type { SubgraphRequest } from './SubgraphRequest.js';

export interface SubgraphParts {
  readonly name: SubgraphName;
  /** Called when GraphQL is first needed, once. */
  readonly answers: () => Promise<SubgraphAnswers>;
  readonly commands: CommandRegistry;
  readonly close?: () => Promise<void>;
}

type Answer = ExecutionResult | AsyncIterable<ExecutionResult>;

/**
 * A subgraph that answers, whatever carries questions to it. Its part of the graph is loaded when it is first asked for: a process that
 * answers commands only is spared the time and 25 MB in each thread.
 */
export class Subgraph implements AsyncDisposable {
  readonly name: SubgraphName;
  readonly commands: CommandRegistry;
  private loading: Promise<FederatedSchema> | null = null;
  private answers: SubgraphAnswers | null = null;

  constructor(private readonly parts: SubgraphParts) {
    this.name = parts.name;
    this.commands = parts.commands;
  }

  /** Its part of the graph. */
  load(): Promise<FederatedSchema> {
    return (this.loading ??= this.parts.answers().then((answers) => {
      this.answers = answers;
      return answers.graphql;
    }));
  }

  /** The same, for whoever has waited for `load`. */
  get graphql(): FederatedSchema {
    if (!this.answers) throw new Error(`The graph of subgraph ${this.name} is not loaded yet: wait for load().`);
    return this.answers.graphql;
  }

  get schema(): GraphQLSchema {
    return this.graphql.schema;
  }

  /** Runs a parsed, valid operation in this process. The answer's errors have their final form. */
  execute(request: SubgraphRequest): Promise<Answer> {
    return this.answers ? this.answers.execute(request) : this.load().then(() => this.answers!.execute(request));
  }

  async close(): Promise<void> {
    await this.parts.close?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
