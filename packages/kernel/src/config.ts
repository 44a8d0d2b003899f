import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The process was started with settings it cannot run with. Its message is meant for the operator, whole. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads and validates settings from `env`, once, at start. A setting `X` may also come from the file that `X_FILE`
 * names (for mounted secrets). Throws a ConfigError that names every setting that is missing or weak and says what is wrong.
 */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, env: NodeJS.ProcessEnv): z.infer<Schema> {
  const raw: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const direct = env[name];
    const file = env[`${name}_FILE`];
    if (direct !== undefined && direct !== '') raw[name] = direct;
    else if (file) raw[name] = readSecretFile(name, file);
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(
    `Tributary cannot start with these settings:\n${lines.join('\n')}\nEvery setting is described in docs/reference/settings.md.`,
  );
}

function readSecretFile(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new ConfigError(`${name}_FILE points to ${file}, which cannot be read.`, { cause });
  }
}

/** Ready-made validators for common kinds of setting. */
export const setting = {
  host: () => z.string().default('127.0.0.1').describe('address to listen on'),
  port: (fallback: number) =>
    wholeNumber(0, 65_535).default(fallback).describe('port to listen on; 0 takes a free one'),
  /** How long what a stream has told can be told again. */
  eventRetention: () =>
    wholeNumber(1, 87_600)
      .default(168)
      .describe(
        'how long a subscription can be resumed, in hours; an older cursor gets `stream.reset`. A flow’s own history stays',
      ),
  subgraphTimeout: (fallback: number) =>
    wholeNumber(1, 30_000)
      .default(fallback)
      .describe('gateway: one call of a subgraph; subgraph: the longest that it works on one; in ms'),
  milliseconds: (fallback: number, max: number) => wholeNumber(1, max).default(fallback),
  hours: (fallback: number, max: number) => wholeNumber(1, max).default(fallback),
  count: (fallback: number, max = Number.MAX_SAFE_INTEGER) => wholeNumber(0, max).default(fallback),
  flag: (fallback: boolean) =>
    z
      .enum(['true', 'false', '1', '0'])
      .default(fallback ? 'true' : 'false')
      .transform((value) => value === 'true' || value === '1'),
  list: (fallback: readonly string[] = []) =>
    z
      .string()
      .default(fallback.join(','))
      .transform((value) =>
        value
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      ),
  /** A required setting that `parse` reads; what it throws becomes the complaint. `missing` completes "NAME: ". */
  parsed: <T>(parse: (text: string) => T, missing: string) =>
    z.string({ error: missing }).transform((text, context): T => {
      try {
        return parse(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
        return z.NEVER;
      }
    }),
  publicUrl: () =>
    z
      .url({ error: 'must be a URL' })
      .default('http://127.0.0.1:4000')
      .describe('where people reach the gateway, for links'),
  url: () => z.url({ error: 'must be a URL' }),
} as const;

function wholeNumber(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}
