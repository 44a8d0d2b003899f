import { pino } from 'pino';
import type { Logger } from 'pino';

export type { Logger } from 'pino';

/** What LOG_LEVEL may say. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  /** The part of the product that writes, such as "gateway" or "flow". */
  readonly name: string;
  /** Least level that is written. */
  readonly level: LogLevel;
  /** File descriptor or path to write to. Default: standard error, so that standard output stays for the user. */
  readonly destination?: number | string;
}

/** Names of properties whose values never reach a log, at the top of an entry and one or two objects down. */
const secretNames = [
  'password',
  'passwordHash',
  'secret',
  'accessToken',
  'refreshToken',
  'token',
  'apiKey',
  'authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-tributary-context',
  'content',
  'ownerEmail',
  'email',
];

/** What a log says of an error. Libraries hang whole clients on theirs (pg: connection, statements): those stay out. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error) && !(typeof error === 'object' && error !== null && 'message' in error)) return error;
  const { name, message, stack, code, cause } = error as Error & { code?: unknown };
  return { type: name, message, code, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}

/** JSON lines, one an entry. Put `workspaceId`, `requestId` and `flowId` on entries (or a child logger) where known. */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: {
        paths: secretNames.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
        censor: '[redacted]',
      },
    },
    pino.destination({ dest: options.destination ?? 2, sync: true }),
  );
}
