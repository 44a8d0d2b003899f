import { z } from 'zod';
import { ConfigError } from './config.js';

/** Apollo's manifest, or a map from id to text as graphql-codegen and Relay's compiler write it. */
const manifest = z.union([
  z.object({
    format: z.literal('apollo-persisted-query-manifest'),
    version: z.literal(1),
    operations: z.array(
      z.object({
        id: z.string().min(1),
        body: z.string().min(1),
        name: z.string().optional(),
        type: z.string().optional(),
        cost: z.int().min(0).optional(),
      }),
    ),
  }),
  z
    .record(z.string().min(1), z.string().min(1))
    .refine((texts) => !('format' in texts))
    .transform((texts) => ({
      operations: Object.entries(texts).map(([id, body]) => ({ id, body, name: undefined, cost: undefined })),
    })),
]);

/** An operation of a manifest. */
export interface ManifestOperation {
  /** As it was written: some clients write before a hash how it was made. */
  readonly id: string;
  readonly body: string;
  readonly name?: string | undefined;
  /** The most that it may cost; absent where the manifest does not say. */
  readonly cost?: number | undefined;
}

/** What a manifest holds, in its order. Throws a ConfigError that names `source` when it is none. */
export function readOperationManifest(content: unknown, source: string): readonly ManifestOperation[] {
  const parsed = manifest.safeParse(content);
  if (parsed.success) return parsed.data.operations;
  throw new ConfigError(`${source} is not a persisted-query manifest of version 1: ${z.prettifyError(parsed.error)}`);
}
