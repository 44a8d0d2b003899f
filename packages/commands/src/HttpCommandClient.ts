import { Readable } from 'node:stream';
import { CodedError, errorRegister } from '@tributary/contracts/errors';
import type { ErrorCode } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { bodyHash, contextHeader, signContext } from '@tributary/auth';
import type { GatewaySecrets } from '@tributary/auth';
import { traceHeaders } from '@tributary/observability';
import type { Command, CommandPart } from '@tributary/contracts/commands';
import type { CommandClient } from './CommandClient.js';
import { createTlsFetch, type MutualTls } from './MutualTls.js';

export interface HttpCommandClientOptions {
  /** Base URL of each subgraph, and of the gateway, where it may be asked; without a path. */
  readonly urls: Readonly<Partial<Record<CommandPart, string>>>;
  readonly secrets: GatewaySecrets;
  /** Absent or null: plain HTTP. */
  readonly tls?: MutualTls | null;
}

/** Carries the JSON input of a streaming command, whose body is the stream. */
export const commandInputHeader = 'x-tributary-input';

/** Commands as `POST /internal/<name>` with a signed context for audience `commands:<subgraph>`. */
export class HttpCommandClient implements CommandClient {
  private readonly fetch: typeof fetch;

  constructor(private readonly options: HttpCommandClientOptions) {
    this.fetch = createTlsFetch(options.tls ?? null);
  }

  async call<Input, Output>(command: Command<Input, Output>, input: Input, context: RequestContext): Promise<Output> {
    const body = JSON.stringify(input);
    return this.post<Output>(command, context, body, body, { 'content-type': 'application/json' });
  }

  async stream<Input, Output>(
    command: Command<Input, Output>,
    input: Input,
    body: Readable,
    context: RequestContext,
  ): Promise<Output> {
    const json = JSON.stringify(input);
    return this.post<Output>(command, context, json, Readable.toWeb(body) as ReadableStream, {
      'content-type': 'application/octet-stream',
      [commandInputHeader]: Buffer.from(json).toString('base64url'),
    });
  }

  private async post<Output>(
    command: Pick<Command, 'subgraph' | 'name'>,
    context: RequestContext,
    signedText: string,
    body: string | ReadableStream,
    headers: Record<string, string>,
  ): Promise<Output> {
    const base = this.options.urls[command.subgraph];
    if (!base) throw new Error(`This process may not ask ${command.subgraph}: it has no URL for it.`);
    const left = context.deadline.atMost(Number.MAX_SAFE_INTEGER);
    let response: Response;
    try {
      response = await this.fetch(new URL(`/internal/${command.name}`, base), {
        method: 'POST',
        headers: {
          ...headers,
          ...traceHeaders(),
          'x-request-id': context.requestId,
          'x-tributary-deadline-ms': String(Math.floor(left)),
          [contextHeader]: signContext(context.principal, {
            audience: `commands:${command.subgraph}`,
            requestId: context.requestId,
            bodySha256: bodyHash(signedText),
            secrets: this.options.secrets,
          }),
        },
        body,
        signal: AbortSignal.timeout(Math.ceil(left)),
        ...(typeof body === 'string' ? {} : { duplex: 'half' as const }),
      });
    } catch (cause) {
      throw new CodedError(
        'SERVICE_UNAVAILABLE',
        `The ${command.subgraph} part cannot be reached right now. Try again.`,
        {},
        { cause },
      );
    }
    const answer = (await response.json().catch(() => null)) as Answer<Output> | null;
    if (answer && 'output' in answer) return answer.output;
    throw toError(command.subgraph, answer);
  }
}

type Answer<Output> =
  { output: Output } | { error: { code: string; message: string; details?: Record<string, unknown> } };

function toError(subgraph: CommandPart, answer: Answer<unknown> | null): CodedError {
  if (answer && 'error' in answer && answer.error.code in errorRegister) {
    return new CodedError(answer.error.code as ErrorCode, answer.error.message, answer.error.details ?? {});
  }
  return new CodedError('SERVICE_UNAVAILABLE', `The ${subgraph} part did not answer as it should. Try again.`);
}
