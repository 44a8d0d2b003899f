import { CodedError } from '@tributary/contracts/errors';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { createApiKey, sameHash, workspaceSuspended } from '@tributary/auth';
import { roleOfKey } from '@tributary/contracts/actions';
import type { ResolvedApiKey } from '@tributary/contracts/commands';
import { checkedFirst, mutate, positionAfter, scopeOf, toPage } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database, Page, PageRequest } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import { ApiKeyRow } from '../storage/ApiKeyRow.js';
import { findKeysByKeyId } from '../storage/identityStatements.js';
import type { KeyToCheck } from '../storage/identityStatements.js';
import { revoke } from '../storage/sessionStatements.js';
import { countUsableKeys, noteKeyUsed } from '../storage/workspaceStatements.js';
import { checkedScopes } from './checkedScopes.js';
import { withoutHashes } from './ApiKeyWithoutHashes.js';
import type { ApiKeyWithoutHashes } from './ApiKeyWithoutHashes.js';
import { rollApiKey } from './rollApiKey.js';
import type { RollApiKey } from './rollApiKey.js';

export interface CreateApiKey {
  readonly name: string;
  readonly scopes: readonly string[];
  /** Null: until revoked. */
  readonly expiresAt: Date | null;
  readonly idempotencyKey: string | null;
}

const maxUsableKeys = 200;

/** Partners' keys: made and revoked by people, found by gateways. */
export class ApiKeys {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** Newest first. */
  async list(context: RequestContext, request: PageRequest): Promise<Page<ApiKeyWithoutHashes>> {
    const first = checkedFirst(request.first);
    const [after] = positionAfter('apiKeys', request.after, 1) ?? [];
    const rows = await this.database.read(
      scopeOf(context),
      this.database.table(ApiKeyRow).select('workspace.listApiKeys', (query) => {
        if (after !== undefined) query.andWhere('row.id < :after', { after: checkedUuid(after) });
        return query.orderBy('row.id', 'DESC').limit(first + 1);
      }),
    );
    return toPage('apiKeys', request, rows.map(withoutHashes), (key) => [key.id]);
  }

  /** By uuid; those of this workspace only. */
  async byIds(context: RequestContext, ids: readonly string[]): Promise<Map<string, ApiKeyWithoutHashes>> {
    const rows = await this.database.read(
      scopeOf(context),
      this.database
        .table(ApiKeyRow)
        .select('workspace.apiKeysByIds', (query) => query.andWhere('row.id = any(:ids)', { ids })),
    );
    return new Map(rows.map((row) => [row.id, withoutHashes(row)]));
  }

  /** The secret is in the first answer only: a replay's is null. Throws INVALID_INPUT, INSUFFICIENT_PERMISSIONS, QUOTA_EXCEEDED. */
  async create(
    context: RequestContext,
    input: CreateApiKey,
  ): Promise<{ apiKey: ApiKeyWithoutHashes; secret: string | null }> {
    return mutate<{ apiKey: ApiKeyWithoutHashes; secret: string | null }>(
      this.database,
      context,
      { field: 'createApiKey', input },
      async (transaction) => {
        const scopes = checkedScopes(context, input.scopes);
        const name = checkedName(input.name);
        if (input.expiresAt && input.expiresAt <= new Date()) {
          throw new CodedError(
            'INVALID_INPUT',
            'expiresAt lies in the past. Leave it out for a key that does not expire.',
            { field: 'expiresAt' },
          );
        }
        const usable = (await transaction.queryOne(countUsableKeys())) ?? 0;
        if (usable >= maxUsableKeys) {
          throw new CodedError('QUOTA_EXCEEDED', `A workspace has at most ${maxUsableKeys} usable keys. Revoke some.`, {
            limit: maxUsableKeys,
          });
        }
        const key = createApiKey();
        const [row] = await transaction.repository(ApiKeyRow).insert('workspace.insertApiKey', [
          {
            id: newUuid(),
            name,
            keyId: key.keyId,
            secretHash: key.hash,
            scopes,
            role: roleOfKey(scopes),
            createdBy: personOf(context),
            expiresAt: input.expiresAt,
          },
        ]);
        const apiKey = withoutHashes(row!);
        audit(transaction, {
          actor: context.principal.actor,
          requestId: context.requestId,
          action: 'apiKey.create',
          entityType: 'ApiKey',
          entityId: encodeId('key', apiKey.id),
          before: null,
          after: { name, scopes, expiresAt: input.expiresAt?.toISOString() ?? null },
        });
        return { apiKey, secret: key.secret };
      },
      (result) => ({ ...result, secret: null }),
    );
  }

  /** Revoking again changes nothing and succeeds. Throws RESOURCE_NOT_FOUND. */
  async revoke(
    context: RequestContext,
    input: { readonly id: string; readonly idempotencyKey: string | null },
  ): Promise<ApiKeyWithoutHashes> {
    const id = uuidOf('key', input.id);
    return mutate(this.database, context, { field: 'revokeApiKey', input }, async (transaction) => {
      const keys = transaction.repository(ApiKeyRow);
      const known = id && (await keys.findById('workspace.lockApiKey', id, { lock: true }));
      if (!known)
        throw new CodedError('RESOURCE_NOT_FOUND', 'There is no such API key in this workspace.', { field: 'id' });
      const at = new Date();
      const row = known.revokedAt ? known : (await keys.update('workspace.revokeApiKey', known.id, { revokedAt: at }))!;
      if (!known.revokedAt) await transaction.query(revoke(newUuid(), { kind: 'apiKey', subject: known.id, at }));
      audit(transaction, {
        actor: context.principal.actor,
        requestId: context.requestId,
        action: 'apiKey.revoke',
        entityType: 'ApiKey',
        entityId: encodeId('key', known.id),
        before: { revokedAt: known.revokedAt?.toISOString() ?? null },
        after: { revokedAt: row.revokedAt?.toISOString() ?? null },
      });
      return withoutHashes(row);
    });
  }

  /** See rollApiKey. */
  roll(context: RequestContext, input: RollApiKey): Promise<{ apiKey: ApiKeyWithoutHashes; secret: string | null }> {
    return rollApiKey(this.database, context, input);
  }

  /** Finds a usable key for a gateway. Throws INVALID_API_KEY, with the reason only for who holds the right secret. */
  async resolve(keyId: string, hash: Buffer): Promise<ResolvedApiKey> {
    const [key] = (await findKeysByKeyId(this.database, keyId)).flatMap((candidate) => matched(candidate, hash));
    if (!key) throw new CodedError('INVALID_API_KEY', 'This API key is unknown.');
    if (key.revokedAt) throw new CodedError('INVALID_API_KEY', 'This API key was revoked.');
    if (key.expiresAt && key.expiresAt <= new Date())
      throw new CodedError('INVALID_API_KEY', 'This API key has expired.');
    if (key.workspaceStatus !== 'ACTIVE') throw workspaceSuspended();
    if (!key.lastUsedAt || key.lastUsedAt.getTime() < Date.now() - 60_000) await this.noteUsed(key.workspaceId, key.id);
    return {
      workspaceId: key.workspaceId,
      id: key.id,
      role: key.role,
      scopes: key.scopes,
      expiresAt: key.expiresAt?.toISOString() ?? null,
    };
  }

  /** That a key was used is worth knowing, but not worth refusing it for. */
  private async noteUsed(workspaceId: string, id: string): Promise<void> {
    try {
      await this.database.withWorkspace({ workspaceId }, (transaction) => transaction.query(noteKeyUsed(id)));
    } catch (error) {
      this.logger.warn({ err: error, workspaceId }, 'the use of an API key could not be noted');
    }
  }
}

/** The key, if the hash is of its secret; with the secret before it ends when that does. */
function matched(key: KeyToCheck, hash: Buffer): KeyToCheck[] {
  if (sameHash(key.secretHash, hash)) return [key];
  if (!key.previousHash || !key.previousUntil || !sameHash(key.previousHash, hash)) return [];
  const ends = key.expiresAt && key.expiresAt < key.previousUntil ? key.expiresAt : key.previousUntil;
  return [{ ...key, expiresAt: ends }];
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '')
    throw new CodedError('MISSING_REQUIRED_FIELD', 'Give the key a name that says who uses it.', { field: 'name' });
  if (trimmed.length > 100)
    throw new CodedError('INVALID_INPUT', 'A key’s name has at most 100 characters.', { field: 'name' });
  return trimmed;
}

function personOf(context: RequestContext): string {
  const { actor } = context.principal;
  if (actor.kind !== 'user') throw new CodedError('INSUFFICIENT_PERMISSIONS', 'Only a person can create API keys.');
  return actor.id;
}

function checkedUuid(value: string | number | null): string {
  if (typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value)) return value;
  throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
    field: 'after',
  });
}
