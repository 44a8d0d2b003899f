import { pino } from 'pino';
import type { Logger } from 'pino';

export type { Logger } from 'pino';

export interface LoggerOptions {
  /** The part of the product that writes, such as "gateway" or "flow". */
  readonly name: string;
  /** Least level that is written: trace, debug, info, warn, error, fatal or silent. */
  readonly level: string;
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

/** JSON lines, one an entry. Put `workspaceId`, `requestId` and `flowId` on entries (or a child logger) where known. */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secretNames.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
        censor: '[redacted]',
      },
    },
    pino.destination({ dest: options.destination ?? 2, sync: true }),
  );
}
