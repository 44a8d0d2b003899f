import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { CodedError } from '@tributary/contracts/errors';
import { ConfigError, readOperationManifest } from '@tributary/kernel';
import { parse, print } from 'graphql';
import type { OperationParams } from './operationParams.js';

/** Of a text that is compared with stored ones: parsing it must cost little. */
const maxTokens = 20_000;

export interface OperationToRun {
  readonly query: string;
  readonly stored: boolean;
  /** Null: it is not stored. */
  readonly storedId: string | null;
  /** What it may cost, as its manifest says; null when nothing says so. */
  readonly recordedCost: number | null;
}

/** Whom a manifest is for: everybody who may run operations, or people who are signed in, and no keys. */
export type Audience = 'everybody' | 'people';

interface StoredOperation {
  readonly id: string;
  readonly body: string;
  readonly name: string | null;
  readonly cost: number | null;
  readonly audience: Audience;
  /** Name of the manifest that it is from, without folders. */
  readonly manifest: string;
}

/** A stored operation as people see it. */
export type ListedOperation = StoredOperation;

/** How often files are looked at for an operation that nobody knows. */
const lookAgainMs = 1_000;

/**
 * Operations that partners and frontends registered before, by id, from manifests in Apollo's persisted-query format
 * (`apollo-persisted-query-manifest`, version 1), or graphql-codegen's or Relay's map from id to text. `npm run operations` writes them, and adds what each operation may cost.
 */
export class StoredOperations {
  // A Map, so that an id such as "__proto__" is only an unknown id.
  private readonly operations = new Map<string, StoredOperation>();
  private readonly byBody = new Map<string, StoredOperation>();
  private readonly byNormalForm = new Map<string, StoredOperation>();
  /** When each file that was read had been written. */
  private readonly files = new Map<string, number>();
  private lookedAt = 0;

  /** Throws a ConfigError that names a manifest which cannot be read, or an id that two manifests give to two operations. */
  static fromFiles(files: readonly string[]): StoredOperations {
    const stored = new StoredOperations();
    for (const file of files) {
      stored.addManifest(readManifest(file), file);
      stored.files.set(file, writtenAt(file));
    }
    return stored;
  }

  /** All of them, by the name of their manifest and then their own. */
  list(): ListedOperation[] {
    return [...this.operations.values()].sort(
      (one, other) =>
        compare(one.manifest, other.manifest) || compare(one.name ?? '', other.name ?? '') || compare(one.id, other.id),
    );
  }

  /** `source` names the manifest in error messages. */
  addManifest(content: unknown, source: string, audience: Audience = 'everybody'): void {
    for (const { id: written, body, name, cost } of readOperationManifest(content, source)) {
      const id = bareId(written);
      const known = this.operations.get(id);
      // What a partner has registered stays theirs when the console asks the same.
      const widest = known?.audience === 'everybody' ? known.audience : audience;
      if (known !== undefined && known.body !== body) {
        throw new ConfigError(`${source} gives the id ${id} to another operation than a manifest before it.`);
      }
      const operation = {
        id,
        body,
        name: name ?? known?.name ?? nameIn(body),
        cost: cost ?? known?.cost ?? null,
        audience: widest,
        manifest: known?.manifest ?? basename(source),
      };
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
    const known = this.find(() => forCaller(this.operations.get(id), isKey));
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
    if (!storedOnly) return { query: text, stored: false, storedId: null, recordedCost: null };
    const normal = this.byNormalForm.size === 0 ? null : normalForm(text);
    const same = normal === null ? undefined : this.find(() => forCaller(this.byNormalForm.get(normal), isKey));
    if (same) return storedIn(same);
    throw new CodedError('OPERATION_NOT_STORED', 'Only stored operations are taken here: send "documentId".');
  }

  /** Looks into manifests that were written since, before it answers that there is no such operation. */
  private find(look: () => StoredOperation | undefined): StoredOperation | undefined {
    return look() ?? (this.readAgain() ? look() : undefined);
  }

  private readAgain(): boolean {
    if (Date.now() - this.lookedAt < lookAgainMs) return false;
    this.lookedAt = Date.now();
    let found = false;
    for (const [file, readAt] of this.files) {
      const at = writtenAt(file);
      if (at === readAt || at === 0) continue;
      this.files.set(file, at);
      try {
        this.addManifest(readManifest(file), file);
        found = true;
      } catch (error) {
        // One that is being written is looked at again when it has been; one that is wrong adds nothing to what runs.
        if (!(error instanceof ConfigError)) throw error;
      }
    }
    return found;
  }
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function writtenAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The name of the operation that a text begins with; null when it has none, or begins otherwise. */
function nameIn(body: string): string | null {
  return /^\s*(?:query|mutation|subscription)\s+(\w+)/.exec(body)?.[1] ?? null;
}

function forCaller(known: StoredOperation | undefined, isKey: boolean): StoredOperation | undefined {
  return known?.audience === 'people' && isKey ? undefined : known;
}

function storedIn({ id, body, cost }: StoredOperation): OperationToRun {
  return { query: body, stored: true, storedId: id, recordedCost: cost };
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
