import type { AuditAction } from '@tributary/contracts/audit';
import { CodedError } from '@tributary/contracts/errors';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkedFirst, checkVersion, mutate, positionAfter, scopeOf, toPage } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database, Page, PageRequest, WorkspaceTransaction } from '@tributary/data';
import { SilenceRow } from '../storage/SilenceRow.js';
import {
  countOpenSilences,
  countSilences,
  labelsOfRules,
  listSilences,
  openAlertsToMatch,
  silencesById,
} from '../storage/silenceStatements.js';
import { checkMatchers, isMatched } from './alertMatchers.js';
import type { AlertTransitions, Trigger } from './AlertTransitions.js';
import { checkedComment } from './checkedComment.js';
import { checkSilence } from './checkSilence.js';
import type { SilenceDefinition } from './checkSilence.js';
import { clockOf, placeAt } from './moveSilences.js';
import { nextBeginning } from './silenceWindow.js';
import { conflict } from './conflict.js';

const listName = 'alertSilence';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Silences of one workspace that are not over: each is looked at whenever an alert fires. */
const maxSilences = 200;

interface Keyed {
  readonly idempotencyKey?: string | null | undefined;
}

export interface SilencePage extends Page<SilenceRow> {
  count(): Promise<number>;
}

export interface CreatedSilence {
  readonly silence: SilenceRow;
  /** Open alerts that it quietens now. */
  readonly matches: number;
}

/** Silences and maintenance windows of a workspace, for people. */
export class AlertSilences {
  constructor(
    private readonly database: Database,
    private readonly transitions: AlertTransitions,
    /** Moves the clock: a test's way to wait. */
    private readonly aheadMs: () => number = () => 0,
  ) {}

  /** Public id; null when this workspace has no such silence. Throws INVALID_INPUT when it is no id at all. */
  async find(context: RequestContext, id: string): Promise<SilenceRow | null> {
    const wanted = uuidOf('silence', id);
    return wanted === null ? null : this.load(context, wanted);
  }

  /** By bare uuid. */
  load(context: RequestContext, wanted: string): Promise<SilenceRow | null> {
    const loader = batchLoader<string, SilenceRow>(context, 'alert.silence', async (ids) => {
      const rows = await this.database.read(scopeOf(context), silencesById(this.table, ids));
      return new Map(rows.map((row) => [row.id, row]));
    });
    return loader.load(wanted);
  }

  /** Newest first. `active`: those that hold notifications now, or those that do not. */
  async list(context: RequestContext, active: boolean | null, request: PageRequest): Promise<SilencePage> {
    const scope = scopeOf(context);
    const [first, after, now] = [checkedFirst(request.first), readPosition(request.after), this.now];
    const rows = await this.database.read(scope, listSilences(this.table, active, now, after, first + 1));
    return {
      ...toPage(listName, request, rows, (silence) => [silence.id]),
      count: async () => (await this.database.read(scope, countSilences(active, now)))[0] ?? 0,
    };
  }

  /** Whether it holds notifications now. */
  isActive(silence: SilenceRow): boolean {
    return isActiveAt(silence, this.now);
  }

  /** When it begins next; null when it does not any more. */
  nextAt(silence: SilenceRow): Date | null {
    return silence.endedAt === null ? nextBeginning(silence, this.now) : null;
  }

  /** The moment that is now for silences. */
  get now(): Date {
    return new Date(Date.now() + this.aheadMs());
  }

  /** Throws INVALID_INPUT, and QUOTA_EXCEEDED at 200 silences that are not over. */
  create(
    context: RequestContext,
    definition: Omit<SilenceDefinition, 'startsAt'> & { readonly startsAt: Date | null },
    input: Keyed,
  ): Promise<CreatedSilence> {
    return mutate(this.database, context, { field: 'createAlertSilence', input }, async (transaction) => {
      const now = await clockOf(transaction, this.aheadMs());
      const silence = { ...definition, startsAt: definition.startsAt ?? now };
      checkSilence(silence, now);
      checkMatchers(silence.matchers, await knownLabels(transaction), 'matchers');
      if (((await transaction.queryOne(countOpenSilences(now))) ?? 0) >= maxSilences) {
        throw new CodedError(
          'QUOTA_EXCEEDED',
          'A workspace has 200 silences at most that are not over. End one first.',
          {
            limit: maxSilences,
          },
        );
      }
      const { actor } = context.principal;
      const row = {
        id: newUuid(),
        ...silence,
        ...placeAt(silence, now, true),
        createdByKind: actor.kind,
        createdById: actor.kind === 'system' ? actor.part : actor.id,
      };
      const [made] = await transaction.repository(SilenceRow).insert('alert.insertSilence', [row]);
      this.record(transaction, context, 'alertSilence.create', made!, null, factsOf(made!));
      await this.quieten(transaction, context, now);
      const open = isActiveAt(made!, now) ? await transaction.query(openAlertsToMatch()) : [];
      return { silence: made!, matches: open.filter((alert) => isMatched(made!.matchers, alert)).length };
    });
  }

  /** Throws RESOURCE_NOT_FOUND, and RESOURCE_CONFLICT for one that is over, or has another version. */
  update(
    context: RequestContext,
    change: {
      readonly id: string;
      readonly version: number;
      readonly patch: Partial<Omit<SilenceDefinition, 'kind' | 'matchers' | 'timeZone'>>;
    },
    input: Keyed,
  ): Promise<SilenceRow> {
    return mutate(this.database, context, { field: 'updateAlertSilence', input }, async (transaction) => {
      const now = await clockOf(transaction, this.aheadMs());
      const before = await this.lockOpen(transaction, change.id, now);
      checkVersion('silence', before, change.version);
      const after = { ...before, ...change.patch };
      // What does not recur any more needs neither.
      if (after.rrule === null && before.rrule !== null) after.timeZone = after.durationSeconds = null;
      checkSilence(after, now);
      const { timeZone, durationSeconds } = after;
      const patch = { ...change.patch, timeZone, durationSeconds, ...placeAt(after, now, true) };
      const silence = (await transaction.repository(SilenceRow).update('alert.updateSilence', before.id, patch))!;
      this.record(transaction, context, 'alertSilence.update', silence, factsOf(before), factsOf(silence));
      await this.quieten(transaction, context, now);
      return silence;
    });
  }

  /** What is said stands in the audit trail. Throws RESOURCE_NOT_FOUND, and RESOURCE_CONFLICT for one that is over. */
  end(context: RequestContext, id: string, input: Keyed & { readonly comment?: string | null }): Promise<SilenceRow> {
    const comment = checkedComment(input.comment);
    return mutate(this.database, context, { field: 'endAlertSilence', input }, async (transaction) => {
      const now = await clockOf(transaction, this.aheadMs());
      const before = await this.lockOpen(transaction, id, now);
      const patch = { endedAt: now, activeFrom: null, activeUntil: null, dueAt: new Date(now.getTime() + 5_000) };
      const silence = (await transaction.repository(SilenceRow).update('alert.endSilence', before.id, patch))!;
      const after = { endedAt: now.toISOString(), ...(comment === null ? {} : { comment }) };
      this.record(transaction, context, 'alertSilence.end', silence, { endedAt: null }, after);
      await this.quieten(transaction, context, now);
      return silence;
    });
  }

  private async lockOpen(transaction: WorkspaceTransaction, id: string, now: Date): Promise<SilenceRow> {
    const wanted = uuidOf('silence', id);
    const silence =
      wanted === null
        ? null
        : await transaction.repository(SilenceRow).findById('alert.lockSilence', wanted, { lock: true });
    if (!silence) throw new CodedError('RESOURCE_NOT_FOUND', 'This workspace has no such silence.', { field: 'id' });
    if (silence.endedAt !== null || silence.endsAt <= now)
      throw conflict('SILENCE_ENDED', 'This silence is over. Make another one.');
    return silence;
  }

  private async quieten(
    transaction: WorkspaceTransaction,
    { principal, requestId }: RequestContext,
    at: Date,
  ): Promise<void> {
    const trigger: Trigger = { actor: principal.actor, requestId, at };
    await this.transitions.quieten(transaction, trigger, null);
  }

  private record(
    transaction: WorkspaceTransaction,
    context: RequestContext,
    action: AuditAction,
    silence: SilenceRow,
    before: Readonly<Record<string, unknown>> | null,
    after: Readonly<Record<string, unknown>>,
  ): void {
    audit(transaction, {
      actor: context.principal.actor,
      action,
      entityType: 'AlertSilence',
      entityId: encodeId('silence', silence.id),
      before,
      after,
      requestId: context.requestId,
    });
  }

  private get table() {
    return this.database.table(SilenceRow);
  }
}

function isActiveAt({ endedAt, activeFrom, activeUntil }: SilenceRow, at: Date): boolean {
  return endedAt === null && activeFrom !== null && activeFrom <= at && activeUntil! > at;
}

/** Labels that rules give to alerts. */
export async function knownLabels(transaction: WorkspaceTransaction): Promise<ReadonlySet<string>> {
  return new Set(await transaction.query(labelsOfRules()));
}

function factsOf(silence: SilenceRow): Readonly<Record<string, unknown>> {
  const { kind, matchers, comment, startsAt, endsAt, rrule, timeZone, durationSeconds } = silence;
  const [from, until] = [startsAt.toISOString(), endsAt.toISOString()];
  return { kind, matchers, comment, startsAt: from, endsAt: until, rrule, timeZone, durationSeconds };
}

function readPosition(after: string | null): string | null {
  const [id] = positionAfter(listName, after, 1) ?? [null];
  if (id === null || (typeof id === 'string' && uuid.test(id))) return id;
  throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
    field: 'after',
  });
}
