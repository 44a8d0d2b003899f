import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CodedError } from '@tributary/contracts/errors';
import { ConfigError } from '@tributary/kernel';
import { parse, print } from 'graphql';
import { z } from 'zod';
import type { OperationParams } from './operationParams.js';

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
      operations: Object.entries(texts).map(([id, body]) => ({ id, body, cost: undefined })),
    })),
]);

/** Of a text that is compared with stored ones: parsing it must cost little. */
const maxTokens = 20_000;

export interface OperationToRun {
  readonly query: string;
  readonly stored: boolean;
  /** What it may cost, as its manifest says; null when nothing says so. */
  readonly recordedCost: number | null;
}

/** Whom a manifest is for: everybody who may run operations, or people who are signed in, and no keys. */
export type Audience = 'everybody' | 'people';

interface StoredOperation {
  readonly body: string;
  readonly cost: number | null;
  readonly audience: Audience;
}

/**
 * Operations that partners and frontends registered before, by id, from manifests in Apollo's persisted-query format
 * (`apollo-persisted-query-manifest`, version 1), or graphql-codegen's or Relay's map from id to text. `npm run operations` writes them, and adds what each operation may cost.
 */
export class StoredOperations {
  // A Map, so that an id such as "__proto__" is only an unknown id.
  private readonly operations = new Map<string, StoredOperation>();
  private readonly byBody = new Map<string, StoredOperation>();
  private readonly byNormalForm = new Map<string, StoredOperation>();

  /** Throws a ConfigError that names a manifest which cannot be read, or an id that two manifests give to two operations. */
  static fromFiles(files: readonly string[]): StoredOperations {
    const stored = new StoredOperations();
    for (const file of files) stored.addManifest(readManifest(file), file);
    return stored;
  }

  /** `source` names the manifest in error messages. */
  addManifest(content: unknown, source: string, audience: Audience = 'everybody'): void {
    const parsed = manifest.safeParse(content);
    if (!parsed.success) {
      throw new ConfigError(
        `${source} is not a persisted-query manifest of version 1: ${z.prettifyError(parsed.error)}`,
      );
    }
    for (const { id: written, body, cost } of parsed.data.operations) {
      const id = bareId(written);
      const known = this.operations.get(id);
      // What a partner has registered stays theirs when the console asks the same.
      const widest = known?.audience === 'everybody' ? known.audience : audience;
      if (known !== undefined && known.body !== body) {
        throw new ConfigError(`${source} gives the id ${id} to another operation than a manifest before it.`);
      }
      const operation = { body, cost: cost ?? known?.cost ?? null, audience: widest };
      this.operations.set(id, operation);
      this.byBody.set(body, operation);
      const normal = normalForm(body);
      if (normal !== null) this.byNormalForm.set(normal, operation);
    }
  }

  get size(): number {
    return this.operations.size;
  }

  /**
   * The document to run: by `documentId`, by Apollo's `extensions.persistedQuery.sha256Hash`, or as sent, which may be a stored
   * one. Throws OPERATION_NOT_STORED for an unknown id, and for a document that is not stored when `storedOnly`;
   * PERSISTED_QUERY_NOT_SUPPORTED for an unknown hash of Apollo's without its document, where the document may be sent;
   * INVALID_INPUT when there is neither id nor document, or the document is not the one that the id is for. To a key, what is stored for
   * people is not stored.
   */
  resolve(params: OperationParams, storedOnly: boolean, isKey = false): OperationToRun {
    const text = params.query === '' ? undefined : params.query;
    const hash = persistedQueryHash(params);
    const id = params.documentId === undefined ? hash : bareId(params.documentId);
    if (id === undefined) return this.resolveText(text, storedOnly, isKey);
    const known = forCaller(this.operations.get(id), isKey);
    if (text !== undefined && !isTextOf(text, id, known))
      throw new CodedError('INVALID_INPUT', 'The document that came with this id is another one. Send either.', {
        field: params.documentId === undefined ? 'extensions.persistedQuery.sha256Hash' : 'documentId',
      });
    if (known) return storedIn(known);
    // There is no automatic registration: a document with its own hash runs as a document.
    if (text !== undefined) return this.resolveText(text, storedOnly, isKey);
    if (params.documentId === undefined && !storedOnly) throw notSupported();
    throw notStored(id);
  }

  private resolveText(text: string | undefined, storedOnly: boolean, isKey: boolean): OperationToRun {
    if (text === undefined)
      throw new CodedError('INVALID_INPUT', 'Send "query", or the "documentId" of a stored operation.', {
        field: 'query',
      });
    // Whoever sends the very text of a stored operation, as clients without support for ids do, sends nothing new.
    const known = forCaller(this.byBody.get(text), isKey);
    if (known) return storedIn(known);
    if (!storedOnly) return { query: text, stored: false, recordedCost: null };
    const normal = this.byNormalForm.size === 0 ? null : normalForm(text);
    const same = normal === null ? undefined : forCaller(this.byNormalForm.get(normal), isKey);
    if (same) return storedIn(same);
    throw new CodedError('OPERATION_NOT_STORED', 'Only stored operations are taken here: send "documentId".');
  }
}

function forCaller(known: StoredOperation | undefined, isKey: boolean): StoredOperation | undefined {
  return known?.audience === 'people' && isKey ? undefined : known;
}

function storedIn({ body, cost }: StoredOperation): OperationToRun {
  return { query: body, stored: true, recordedCost: cost };
}

/** Some clients write before a hash how it was made. */
function bareId(id: string): string {
  return id.startsWith('sha256:') ? id.slice('sha256:'.length) : id;
}

/** Whether the id is the text's own hash, or the id of what is stored and is the same but for blanks and comments. */
function isTextOf(text: string, id: string, known: StoredOperation | undefined): boolean {
  if (known) return known.body === text || normalForm(known.body) === normalForm(text);
  return createHash('sha256').update(text).digest('hex') === id.toLowerCase();
}

/** A document without what means nothing; null for what is none, or is too large to be a stored one's twin. */
function normalForm(text: string): string | null {
  try {
    return print(parse(text, { noLocation: true, maxTokens }));
  } catch {
    return null;
  }
}

function persistedQueryHash(params: OperationParams): string | undefined {
  const persisted = params.extensions?.['persistedQuery'];
  if (typeof persisted !== 'object' || persisted === null || !('sha256Hash' in persisted)) return undefined;
  return typeof persisted.sha256Hash === 'string' ? persisted.sha256Hash : undefined;
}

function notStored(id: string): CodedError {
  return new CodedError('OPERATION_NOT_STORED', 'No stored operation has this id. Register it, or send the document.', {
    documentId: id.slice(0, 128),
  });
}

/** Code and message are those by which Apollo's and urql's clients know to send the document, and no more hashes. */
function notSupported(): CodedError {
  return new CodedError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
}

function readManifest(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ConfigError(`The manifest of stored operations ${file} cannot be read as JSON.`, { cause });
  }
}
