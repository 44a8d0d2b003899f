import type { z } from 'zod';
import type { Action } from '../actions.js';
import type { SubgraphName } from '../subgraphs.js';

/** Who answers commands: every subgraph, and the gateway, which alone can run an operation over all of them. */
export type CommandPart = SubgraphName | 'gateway';

/**
 * One thing that a part of the product may ask of a subgraph or the gateway, outside the public graph: `POST /internal/<name>` between
 * processes, a function call inside one. The definition is all that both sides share.
 */
export interface Command<Input = unknown, Output = unknown> {
  readonly subgraph: CommandPart;
  readonly name: string;
  /** The action that the caller's principal must hold. */
  readonly action: Action;
  readonly input: z.ZodType<Input>;
  /** Whether a byte stream comes with the input. */
  readonly streams: boolean;
  /** Carries the output's type; never read. */
  readonly output?: Output;
}

export type InputOf<C> = C extends Command<infer Input, unknown> ? Input : never;

export function defineCommand<Output>(): <Input>(
  definition: Omit<Command<Input, Output>, 'output' | 'streams'>,
) => Command<Input, Output> {
  return (definition) => ({ ...definition, streams: false });
}

/** A command whose caller also hands over bytes. */
export function defineStreamingCommand<Output>(): <Input>(
  definition: Omit<Command<Input, Output>, 'output' | 'streams'>,
) => Command<Input, Output> {
  return (definition) => ({ ...definition, streams: true });
}
