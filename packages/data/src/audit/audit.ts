import { createHash } from 'node:crypto';
import type { AuditAction } from '@tributary/contracts/audit';
import { newUuid } from '@tributary/kernel';
import type { Actor } from '@tributary/contracts/principal';
import { canonicalJson } from '../canonicalJson.js';
import { sql } from '../statement.js';
import type { WorkspaceTransaction } from '../WorkspaceTransaction.js';

/** An entry as a trail holds it. Old trails may name actions that are written no more. */
export interface RecordedEntry {
  readonly actor: Actor;
  readonly action: string;
  readonly entityType: string;
  /** Public id. */
  readonly entityId: string;
  /** The facts that changed, as they were; null for something new. */
  readonly before: Readonly<Record<string, unknown>> | null;
  /** The facts that changed, as they are now; null for something gone. */
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly requestId: string;
}

export interface AuditEntry extends RecordedEntry {
  readonly action: AuditAction;
}

/**
 * Appends to the workspace's audit trail in the transaction that makes the change, behind all its other writes. Entries are
 * numbered 1, 2, 3 … and chained: hash(n) = sha256(hash(n − 1) ‖ n ‖ canonical form of the entry).
 */
export function audit(transaction: WorkspaceTransaction, entry: AuditEntry): void {
  const id = newUuid();
  const at = new Date();
  transaction.beforeCommit('auditHead', async () => {
    await transaction.query(
      sql(
        'audit.append',
        `with head as (
           insert into audit_head as head (workspace_id, last_number, last_hash)
           values ($1, 1, sha256('1'::bytea || $2::bytea))
           on conflict (workspace_id) do update
           set last_number = head.last_number + 1,
               last_hash = sha256(head.last_hash || (head.last_number + 1)::text::bytea || $2::bytea)
           returning last_number, last_hash
         ), written as (
         insert into audit_entry (workspace_id, number, id, at, actor_kind, actor_id, action, entity_type, entity_id, before, after, request_id, hash)
         select w.workspace_id, last_number, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11::jsonb, $12, last_hash
         from workspace w cross join head where w.workspace_id = $1
         )
         select last_number from head`,
        [
          // As bytes: making them of a text is no step for which PostgreSQL promises the same outcome for ever, and Citus refuses it here.
          Buffer.from(canonicalEntry(id, at, entry)),
          id,
          at,
          entry.actor.kind,
          entry.actor.kind === 'system' ? entry.actor.part : entry.actor.id,
          entry.action,
          entry.entityType,
          entry.entityId,
          entry.before && JSON.stringify(entry.before),
          entry.after && JSON.stringify(entry.after),
          entry.requestId,
        ],
      ),
    );
  });
}

/** What the hash of an entry covers, beside its number and the hash before it. */
export function canonicalEntry(id: string, at: Date, entry: RecordedEntry): string {
  return canonicalJson({ id, at: at.toISOString(), ...entry });
}

/** The hash that entry `number` must have after one with `previousHash` (empty before the first). */
export function auditHash(previousHash: Buffer, number: number, canonical: string): Buffer {
  return createHash('sha256').update(previousHash).update(`${number}${canonical}`).digest();
}
