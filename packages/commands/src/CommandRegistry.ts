import type { Readable } from 'node:stream';
import { CodedError } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { mayDo } from '@tributary/contracts/actions';
import type { Command } from '@tributary/contracts/commands';

type Handler<Input, Output> = (input: Input, context: RequestContext, body: Readable | null) => Promise<Output>;

interface Entry {
  readonly command: Command<unknown, unknown>;
  readonly handle: Handler<unknown, unknown>;
}

/** The commands that one process answers. */
export class CommandRegistry {
  private readonly entries = new Map<string, Entry>();

  /** Throws when the command is answered already. */
  register<Input, Output>(command: Command<Input, Output>, handle: Handler<Input, Output>): this {
    const key = `${command.subgraph}/${command.name}`;
    if (this.entries.has(key)) throw new Error(`Command ${key} has two handlers.`);
    this.entries.set(key, { command: command, handle: handle as Handler<unknown, unknown> });
    return this;
  }

  find(subgraph: string, name: string): Command | null {
    return this.entries.get(`${subgraph}/${name}`)?.command ?? null;
  }

  /** Takes over all commands of another registry: embedded mode has one for all subgraphs. */
  include(other: CommandRegistry): this {
    for (const entry of other.entries.values()) this.register(entry.command, entry.handle);
    return this;
  }

  /** Runs a command. Throws INSUFFICIENT_PERMISSIONS, INVALID_INPUT, RESOURCE_NOT_FOUND (no such command) or what the handler throws. */
  async run(
    subgraph: string,
    name: string,
    input: unknown,
    context: RequestContext,
    body: Readable | null = null,
  ): Promise<unknown> {
    const entry = this.entries.get(`${subgraph}/${name}`);
    if (!entry) throw new CodedError('RESOURCE_NOT_FOUND', `There is no internal command ${subgraph}/${name}.`);
    if (!mayDo(context.principal, entry.command.action)) {
      throw new CodedError('INSUFFICIENT_PERMISSIONS', `This needs the action ${entry.command.action}.`, {
        action: entry.command.action,
      });
    }
    if (entry.command.streams !== (body !== null)) {
      throw new CodedError(
        'INVALID_INPUT',
        `Command ${subgraph}/${name} ${body ? 'takes no stream' : 'needs a stream'}.`,
      );
    }
    const parsed = entry.command.input.safeParse(input);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new CodedError('INVALID_INPUT', issue?.message ?? 'The input is not valid.', {
        field: issue?.path.join('.') ?? '',
      });
    }
    return entry.handle(parsed.data, context, body);
  }
}
