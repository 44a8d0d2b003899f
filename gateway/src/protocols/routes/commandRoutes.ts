import { bodyHash, contextHeader, type ContextVerifier } from '@tributary/auth';
import type { CommandRegistry } from '@tributary/commands';
import { CodedError, errorRegister } from '@tributary/contracts/errors';
import { Deadline } from '@tributary/kernel';
import { formatError } from '../../result/formatError.js';
import { readTextBody } from '../http/readBody.js';
import type { RestRoute } from '../http/RestRoute.js';

const part = 'gateway';
const maxBytes = 256 * 1024;
const maxMs = 30_000;

export interface CommandRouteOptions {
  readonly commands: CommandRegistry;
  readonly verifier: ContextVerifier;
}

/**
 * Commands that other parts of the product ask of the gateway: `POST /internal/<name>`, as subgraphs take them. The door is open to
 * everybody, so whoever knocks is known by a signed context, which is bound to the body, good once and for commands of the gateway alone.
 */
export function commandRoutes({ commands, verifier }: CommandRouteOptions, names: readonly string[]): RestRoute[] {
  return names.map((name) => ({
    method: 'POST' as const,
    path: `/internal/${name}`,
    async handle(exchange) {
      try {
        const body = await readTextBody(exchange.request, maxBytes);
        const expected = { audience: `commands:${part}`, bodySha256: bodyHash(body) };
        const caller = verifier.verify(exchange.header(contextHeader), expected);
        const given = Number(exchange.header('x-tributary-deadline-ms'));
        const left = Number.isFinite(given) && given > 0 ? Math.min(given, maxMs) : maxMs;
        const output = await commands.run(part, name, parsed(body), { ...caller, deadline: Deadline.in(left) });
        exchange.sendJson(200, { output });
      } catch (error) {
        const { message, extensions } = formatError(error, { requestId: exchange.requestId, logger: exchange.logger });
        const { code, details } = extensions;
        exchange.sendJson(errorRegister[code].httpStatus, { error: { code, message, details } });
      }
    },
  }));
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new CodedError('INVALID_INPUT', 'The body is not valid JSON.');
  }
}
