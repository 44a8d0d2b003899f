import { CodedError } from '@tributary/contracts/errors';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { createApiKey } from '@tributary/auth';
import { mutate } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database } from '@tributary/data';
import { ApiKeyRow } from '../storage/ApiKeyRow.js';
import { revoke } from '../storage/sessionStatements.js';
import { withoutHashes } from './ApiKeyWithoutHashes.js';
import type { ApiKeyWithoutHashes } from './ApiKeyWithoutHashes.js';
import { checkedScopes } from './checkedScopes.js';

export interface RollApiKey {
  readonly id: string;
  /** How long the old secret stays good, 0 to 86,400. */
  readonly overlapSeconds: number;
  readonly idempotencyKey: string | null;
}

const longestOverlapSeconds = 86_400;

/**
 * Gives a key another secret: same key, same scopes. The new secret is in the first answer only: a replay's is null.
 * Throws INVALID_INPUT, INSUFFICIENT_PERMISSIONS for scopes that the caller could not give, RESOURCE_NOT_FOUND, and RESOURCE_CONFLICT
 * (KEY_REVOKED).
 */
export function rollApiKey(
  database: Database,
  context: RequestContext,
  input: RollApiKey,
): Promise<{ apiKey: ApiKeyWithoutHashes; secret: string | null }> {
  const id = uuidOf('key', input.id);
  if (input.overlapSeconds < 0 || input.overlapSeconds > longestOverlapSeconds) {
    throw new CodedError('INVALID_INPUT', `overlapSeconds lies between 0 and ${longestOverlapSeconds}.`, {
      field: 'overlapSeconds',
    });
  }
  return mutate<{ apiKey: ApiKeyWithoutHashes; secret: string | null }>(
    database,
    context,
    { field: 'rollApiKey', input },
    async (transaction) => {
      const keys = transaction.repository(ApiKeyRow);
      const known = id && (await keys.findById('workspace.lockApiKey', id, { lock: true }));
      if (!known)
        throw new CodedError('RESOURCE_NOT_FOUND', 'There is no such API key in this workspace.', { field: 'id' });
      if (known.revokedAt)
        throw new CodedError('RESOURCE_CONFLICT', 'This key was revoked. Create another.', { reason: 'KEY_REVOKED' });
      checkedScopes(context, known.scopes);
      const { secret, hash } = createApiKey(known.keyId);
      const at = new Date();
      const overlap = input.overlapSeconds * 1000;
      const row = (await keys.update('workspace.rollApiKey', known.id, {
        secretHash: hash,
        previousHash: overlap > 0 ? known.secretHash : null,
        previousUntil: overlap > 0 ? new Date(at.getTime() + overlap) : null,
      }))!;
      // What gateways know of the key was read with the old secret in mind: they look it up again.
      await transaction.query(revoke(newUuid(), { kind: 'apiKeySecret', subject: known.id, at }));
      audit(transaction, {
        actor: context.principal.actor,
        requestId: context.requestId,
        action: 'apiKey.roll',
        entityType: 'ApiKey',
        entityId: encodeId('key', known.id),
        before: null,
        after: { oldSecretUntil: row.previousUntil?.toISOString() ?? null },
      });
      return { apiKey: withoutHashes(row), secret };
    },
    (result) => ({ ...result, secret: null }),
  );
}
