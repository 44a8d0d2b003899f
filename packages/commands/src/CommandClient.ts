import type { Readable } from 'node:stream';
import type { Command } from '@tributary/contracts/commands';
import type { RequestContext } from '@tributary/kernel';

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
