import type { Readable } from 'node:stream';
import type { RequestContext } from '@tributary/kernel';
import type { Action } from '@tributary/auth';
import type { z } from 'zod';

export const subgraphNames = ['workspace', 'flow', 'asset', 'metrics', 'alert'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

/**
 * One thing that a part of the product may ask of a subgraph, outside the public graph: `POST /internal/<name>` between
 * processes, a function call inside one. The definition is all that both sides share.
 */
export interface Command<Input = unknown, Output = unknown> {
  readonly subgraph: SubgraphName;
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
export type OutputOf<C> = C extends Command<never, infer Output> ? Output : never;

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

/** How to ask for a command, wherever the subgraph runs. Throws the CodedError that the other side threw. */
export interface CommandClient {
  call<Input, Output>(command: Command<Input, Output>, input: Input, context: RequestContext): Promise<Output>;
  stream<Input, Output>(
    command: Command<Input, Output>,
    input: Input,
    body: Readable,
    context: RequestContext,
  ): Promise<Output>;
}
