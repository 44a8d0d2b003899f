import type { GatewayConfigBase } from '@graphql-hive/gateway-runtime';

type EngineLogger = Exclude<GatewayConfigBase<never>['logging'], boolean | string | undefined>;

const nothing = (): void => undefined;

/**
 * A logger that writes nothing: what went wrong is in our own log. The engine's, even when it is switched off, reads LOG_LEVEL from
 * the environment and ends the process at levels that it does not have (fatal, silent).
 */
export const silentLogger = {
  level: false,
  prefix: undefined,
  attrs: undefined,
  setLevel: nothing,
  write: nothing,
  flush: nothing,
  child: () => silentLogger,
  log: nothing,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  [Symbol.asyncDispose]: async () => Promise.resolve(),
} as unknown as EngineLogger;
