import type { Readable } from 'node:stream';
import type { RequestContext } from '@tributary/kernel';
import type { Command } from '@tributary/contracts/commands';
import type { CommandClient } from './CommandClient.js';
import type { CommandRegistry } from './CommandRegistry.js';

/** Commands as function calls, where caller and subgraph share a process. */
export class LocalCommandClient implements CommandClient {
  constructor(private readonly registry: CommandRegistry) {}

  call<Input, Output>(command: Command<Input, Output>, input: Input, context: RequestContext): Promise<Output> {
    return this.registry.run(command.subgraph, command.name, input, context) as Promise<Output>;
  }

  stream<Input, Output>(
    command: Command<Input, Output>,
    input: Input,
    body: Readable,
    context: RequestContext,
  ): Promise<Output> {
    return this.registry.run(command.subgraph, command.name, input, context, body) as Promise<Output>;
  }
}
