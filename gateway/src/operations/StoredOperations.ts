import { readFileSync } from 'node:fs';
import { CodedError } from '@tributary/contracts/errors';
import { ConfigError } from '@tributary/kernel';
import { z } from 'zod';
import type { OperationParams } from './operationParams.js';

const manifest = z.object({
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
});

export interface OperationToRun {
  readonly query: string;
  readonly stored: boolean;
  /** What it may cost, as its manifest says; null when nothing says so. */
  readonly recordedCost: number | null;
}

interface StoredOperation {
  readonly body: string;
  readonly cost: number | null;
}

/**
 * Operations that partners and frontends registered before, by id, from manifests in Apollo's persisted-query format
 * (`apollo-persisted-query-manifest`, version 1). `npm run operations` writes them, and adds what each operation may cost.
 */
export class StoredOperations {
  // A Map, so that an id such as "__proto__" is only an unknown id.
  private readonly operations = new Map<string, StoredOperation>();
  private readonly byBody = new Map<string, StoredOperation>();

  /** Throws a ConfigError that names a manifest which cannot be read, or an id that two manifests give to two operations. */
  static fromFiles(files: readonly string[]): StoredOperations {
    const stored = new StoredOperations();
    for (const file of files) stored.addManifest(readManifest(file), file);
    return stored;
  }

  /** `source` names the manifest in error messages. */
  addManifest(content: unknown, source: string): void {
    const parsed = manifest.safeParse(content);
    if (!parsed.success) {
      throw new ConfigError(
        `${source} is not a persisted-query manifest of version 1: ${z.prettifyError(parsed.error)}`,
      );
    }
    for (const { id, body, cost } of parsed.data.operations) {
      const known = this.operations.get(id);
      if (known !== undefined && known.body !== body) {
        throw new ConfigError(`${source} gives the id ${id} to another operation than a manifest before it.`);
      }
      const operation = { body, cost: cost ?? known?.cost ?? null };
      this.operations.set(id, operation);
      this.byBody.set(body, operation);
    }
  }

  get size(): number {
    return this.operations.size;
  }

  /**
   * The document to run: by `documentId`, by Apollo's `extensions.persistedQuery.sha256Hash`, or as sent, which may be a stored one. Throws
   * OPERATION_NOT_STORED for an unknown id, and for a document that is not stored when `storedOnly`; INVALID_INPUT when
   * there is neither id nor document.
   */
  resolve(params: OperationParams, storedOnly: boolean): OperationToRun {
    const id = params.documentId ?? persistedQueryHash(params);
    if (id !== undefined) {
      const known = this.operations.get(id);
      if (known) return { query: known.body, stored: true, recordedCost: known.cost };
      // A document that comes with a hash we do not know is run as a document: there is no automatic registration.
      if (params.documentId !== undefined || params.query === undefined) throw notStored(id);
    }
    if (params.query === undefined || params.query === '') {
      throw new CodedError('INVALID_INPUT', 'Send "query", or the "documentId" of a stored operation.', {
        field: 'query',
      });
    }
    // Whoever sends the very text of a stored operation, as clients without support for ids do, sends nothing new.
    const known = this.byBody.get(params.query);
    if (known) return { query: known.body, stored: true, recordedCost: known.cost };
    if (storedOnly) {
      throw new CodedError('OPERATION_NOT_STORED', 'Only stored operations are taken here: send "documentId".');
    }
    return { query: params.query, stored: false, recordedCost: null };
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

function readManifest(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ConfigError(`The manifest of stored operations ${file} cannot be read as JSON.`, { cause });
  }
}
