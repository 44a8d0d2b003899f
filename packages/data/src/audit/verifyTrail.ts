import type pg from 'pg';
import { auditHash, canonicalEntry } from './audit.js';
import type { RecordedEntry } from './audit.js';
import type { AuditCheckpoint } from './AuditCheckpoint.js';

export interface TrailFault {
  /** Of the entry, or the first missing one; null when it is not about one entry. */
  readonly number: number | null;
  readonly fault:
    'CHANGED' | 'MISSING' | 'INSERTED' | 'TAIL_MISSING' | 'HEAD_DIFFERS' | 'CHECKPOINT_DIFFERS' | 'CHECKPOINT_FORGED';
  readonly message: string;
}

export interface TrailReport {
  readonly workspaceId: string;
  /** Null for a workspace that is no longer there. */
  readonly slug: string | null;
  readonly entries: number;
  /** Number of the newest genuine checkpoint; entries behind it have only the chain. Null: none was ever signed. */
  readonly signedUpTo: number | null;
  /** The first ones; a trail that was shuffled whole would fill the memory. */
  readonly faults: readonly TrailFault[];
}

export interface TrailQuestion {
  readonly workspaceId: string;
  readonly slug: string | null;
  /** Checkpoints of this workspace that were kept outside the database. */
  readonly outside: readonly AuditCheckpoint[];
  readonly isGenuine: (checkpoint: AuditCheckpoint) => boolean;
}

const page = 2_000;
const maxFaults = 100;

/** Reads one workspace's trail from its first entry on, in the transaction that is open on `client`. */
export async function verifyTrail(client: pg.Client, question: TrailQuestion): Promise<TrailReport> {
  const { workspaceId, slug } = question;
  const faults: TrailFault[] = [];
  const blame = (fault: TrailFault['fault'], number: number | null, message: string) => {
    if (faults.length < maxFaults) faults.push({ number, fault, message });
  };
  let entries = 0;
  let signedUpTo: number | null = null;
  let last = { number: 0, hash: Buffer.alloc(0) as Buffer };
  const compare = (checkpoint: AuditCheckpoint, hash: Buffer | null) => {
    const { number } = checkpoint;
    if (!question.isGenuine(checkpoint))
      return blame('CHECKPOINT_FORGED', number, `The signature of the checkpoint at ${number} is not by a known key.`);
    signedUpTo = Math.max(signedUpTo ?? 0, number);
    if (hash && !hash.equals(checkpoint.hash))
      blame(
        'CHECKPOINT_DIFFERS',
        number,
        `Entry ${number} or one before it is not what was signed on ${day(checkpoint)}.`,
      );
  };

  for (;;) {
    const { rows } = await client.query<EntryRow>(readEntries, [workspaceId, entries === 0 ? null : last.number, page]);
    for (const row of rows) {
      const number = Number(row.number);
      entries += 1;
      if (number < 1) {
        blame('INSERTED', number, `There is an entry ${number}; the first is 1.`);
      } else if (number !== last.number + 1) {
        const gap =
          number - 1 === last.number + 1 ? `Entry ${number - 1} is` : `Entries ${last.number + 1} to ${number - 1} are`;
        blame('MISSING', last.number + 1, `${gap} missing.`);
      } else if (!auditHash(last.hash, number, canonicalRow(row)).equals(row.hash)) {
        blame(
          'CHANGED',
          number,
          `Entry ${number} is not what its hash was made from, or does not follow the one before it.`,
        );
      }
      // From here on the chain is judged by what this row says, so that one change is one fault.
      last = { number, hash: row.hash };
      if (row.checkpoint_signature) compare(checkpointOf(workspaceId, row), row.hash);
      for (const checkpoint of question.outside) if (checkpoint.number === number) compare(checkpoint, row.hash);
    }
    if (rows.length < page) break;
  }

  await judgeEnd(client, question, last, compare, blame);
  return { workspaceId, slug, entries, signedUpTo, faults };
}

async function judgeEnd(
  client: pg.Client,
  { workspaceId, outside }: TrailQuestion,
  last: { number: number; hash: Buffer },
  compare: (checkpoint: AuditCheckpoint, hash: Buffer | null) => void,
  blame: (fault: TrailFault['fault'], number: number | null, message: string) => void,
): Promise<void> {
  const { rows } = await client.query<{ last_number: string; last_hash: Buffer }>(
    '/* audit.readHead */ select last_number, last_hash from audit_head where workspace_id = $1',
    [workspaceId],
  );
  const head = rows[0];
  if (head ? Number(head.last_number) !== last.number || !head.last_hash.equals(last.hash) : last.number > 0) {
    const says = head ? `says ${head.last_number}` : 'is missing';
    blame('HEAD_DIFFERS', null, `The trail ends at ${last.number}, and its head ${says}.`);
  }
  const beyond = await client.query<CheckpointColumns & { number: string }>(readCheckpointsBeyond, [
    workspaceId,
    last.number,
  ]);
  const lost = [
    ...beyond.rows.map((row) => checkpointOf(workspaceId, row)),
    ...outside.filter((checkpoint) => checkpoint.number > last.number),
  ];
  for (const checkpoint of lost) compare(checkpoint, null);
  const furthest = Math.max(0, ...lost.map((checkpoint) => checkpoint.number));
  if (furthest > last.number)
    blame('TAIL_MISSING', last.number + 1, `The trail ends at ${last.number}, and was signed up to ${furthest}.`);
}

interface CheckpointColumns {
  checkpoint_hash: Buffer | null;
  checkpoint_at: Date | null;
  checkpoint_signature: Buffer | null;
}

interface EntryRow extends CheckpointColumns {
  number: string;
  id: string;
  at: Date;
  actor_kind: 'user' | 'apiKey' | 'system';
  actor_id: string;
  action: string;
  entity_type: string;
  entity_id: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  request_id: string;
  hash: Buffer;
}

function canonicalRow(row: EntryRow): string {
  const entry: RecordedEntry = {
    actor:
      row.actor_kind === 'system' ? { kind: 'system', part: row.actor_id } : { kind: row.actor_kind, id: row.actor_id },
    action: row.action,
    entityType: row.entity_type,
    entityId: row.entity_id,
    before: row.before,
    after: row.after,
    requestId: row.request_id,
  };
  return canonicalEntry(row.id, row.at, entry);
}

function checkpointOf(workspaceId: string, row: CheckpointColumns & { number: string }): AuditCheckpoint {
  return {
    workspaceId,
    number: Number(row.number),
    hash: row.checkpoint_hash!,
    at: row.checkpoint_at!,
    signature: row.checkpoint_signature!,
  };
}

function day({ at }: AuditCheckpoint): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}

const checkpointColumns = 'c.hash as checkpoint_hash, c.at as checkpoint_at, c.signature as checkpoint_signature';

const readEntries = `/* audit.readEntries */
  select e.*, ${checkpointColumns} from audit_entry e
  left join jobs.audit_checkpoint c on c.workspace_id = $1 and c.number = e.number
  where e.workspace_id = $1 and ($2::bigint is null or e.number > $2) order by e.number limit $3`;

const readCheckpointsBeyond = `/* audit.readCheckpointsBeyond */
  select c.number, ${checkpointColumns} from jobs.audit_checkpoint c where c.workspace_id = $1 and c.number > $2 order by c.number limit 1000`;
