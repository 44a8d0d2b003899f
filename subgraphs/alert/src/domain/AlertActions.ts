import type { AlertRefire } from '@tributary/contracts/values';
import { mayDo } from '@tributary/contracts/actions';
import type { AuditAction } from '@tributary/contracts/audit';
import { existingCommand } from '@tributary/contracts/commands';
import type { CommandClient } from '@tributary/commands';
import { CodedError, isCodedError } from '@tributary/contracts/errors';
import type { AlertEventType } from '@tributary/contracts/events';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import { systemPrincipal } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';
import { mutate } from '@tributary/data';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { AlertRow } from '../storage/AlertRow.js';
import type { AlertTransitions, Trigger } from './AlertTransitions.js';
import { checkedComment } from './checkedComment.js';
import type { InstanceWriter } from './InstanceWriter.js';
import { conflict } from './conflict.js';

interface Keyed {
  readonly comment?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** Ids are in their public form. */
export interface OneAlert extends Keyed {
  readonly id: string;
}

export interface ManyAlerts extends Keyed {
  readonly ids: readonly string[];
}

export interface Acknowledging {
  /** Null: until it ends. */
  readonly until?: Date | null | undefined;
  /** Public id of who works on it. Null: whoever acknowledges. */
  readonly ownerId?: string | null | undefined;
  /** Also when somebody else has taken it up. */
  readonly takeOver: boolean;
}

export interface RefusedAlert {
  readonly id: string;
  readonly code: string;
  readonly reason: string;
  readonly message: string;
}

export interface ManyChanged {
  readonly alerts: AlertRow[];
  readonly refused: RefusedAlert[];
}

/** What is to be written of an alert. */
interface Decision {
  readonly patch: Partial<AlertRow>;
  readonly type: AlertEventType;
  readonly action: AuditAction;
  readonly facts: Readonly<Record<string, unknown>>;
}

type Decide = (alert: AlertRow, trigger: Trigger) => Decision;

const mostAlerts = 250;
const longestUntilMs = 30 * 86_400_000;

/** What people do about alerts. Everything leaves an event, an entry in the alert's history and one in the audit trail. */
export class AlertActions {
  constructor(
    private readonly database: Database,
    private readonly commands: CommandClient,
    private readonly transitions: AlertTransitions,
    private readonly instances: InstanceWriter,
  ) {}

  /** Throws RESOURCE_NOT_FOUND, and RESOURCE_CONFLICT for an alert that is acknowledged or resolved already. */
  async acknowledge(context: RequestContext, input: OneAlert & Acknowledging): Promise<AlertRow> {
    return this.one(context, 'acknowledgeAlert', input, await this.acknowledging(context, input));
  }

  async acknowledgeMany(context: RequestContext, input: ManyAlerts & Acknowledging): Promise<ManyChanged> {
    return this.many(context, 'acknowledgeAlerts', input, await this.acknowledging(context, input));
  }

  /** Gives it back. Throws RESOURCE_CONFLICT for one that nobody has taken up. */
  unacknowledge(context: RequestContext, input: OneAlert): Promise<AlertRow> {
    return this.one(context, 'unacknowledgeAlert', input, (alert) => {
      if (alert.status === 'RESOLVED') throw alreadyResolved();
      if (alert.status !== 'ACKNOWLEDGED')
        throw conflict('NOT_ACKNOWLEDGED', 'Nobody has acknowledged this alert.', { status: alert.status });
      return {
        patch: { status: 'FIRING', ...notAcknowledged, ownerId: null },
        type: 'alert.unacknowledged',
        action: 'alert.unacknowledge',
        facts: { reason: 'BY_PERSON' },
      };
    });
  }

  /** Hands an open alert to a person, or to nobody. */
  async assign(context: RequestContext, input: OneAlert & { readonly ownerId?: string | null }): Promise<AlertRow> {
    const ownerId = await this.knownPerson(context, input.ownerId);
    return this.one(context, 'assignAlert', input, (alert) => {
      if (alert.status === 'RESOLVED') throw alreadyResolved();
      const facts = { ownerId: ownerId && encodeId('user', ownerId) };
      return { patch: { ownerId }, type: 'alert.assigned', action: 'alert.assign', facts };
    });
  }

  /** Says something about an alert, whatever it stands at. */
  comment(context: RequestContext, input: OneAlert & { readonly comment: string }): Promise<AlertRow> {
    return this.one(context, 'commentOnAlert', input, () => ({
      patch: {},
      type: 'alert.commented',
      action: 'alert.comment',
      facts: {},
    }));
  }

  /** Throws RESOURCE_NOT_FOUND, and RESOURCE_CONFLICT for an alert that is resolved already. */
  resolve(context: RequestContext, input: OneAlert & { readonly refire: AlertRefire }): Promise<AlertRow> {
    return this.one(context, 'resolveAlert', input, resolving, input.refire);
  }

  resolveMany(context: RequestContext, input: ManyAlerts & { readonly refire: AlertRefire }): Promise<ManyChanged> {
    return this.many(context, 'resolveAlerts', input, resolving, input.refire);
  }

  private async acknowledging(context: RequestContext, input: Acknowledging): Promise<Decide> {
    const until = checkedUntil(input.until ?? null);
    const named = await this.knownPerson(context, input.ownerId);
    const seesPeople = mayDo(context.principal, 'member.read');
    return (alert, { actor, at }) => {
      if (alert.status === 'RESOLVED')
        throw conflict('ALREADY_RESOLVED', 'This alert is resolved: there is nothing to acknowledge.');
      if (alert.status === 'ACKNOWLEDGED' && !input.takeOver) {
        throw conflict('ALREADY_ACKNOWLEDGED', 'This alert is acknowledged already. `takeOver: true` takes it over.', {
          at: alert.acknowledgedAt?.toISOString(),
          ...(seesPeople ? { actor: { kind: alert.acknowledgedByKind, id: publicActor(alert) } } : {}),
        });
      }
      const ownerId = named ?? (actor.kind === 'user' ? actor.id : null);
      const patch: Partial<AlertRow> = {
        status: 'ACKNOWLEDGED',
        acknowledgedByKind: actor.kind,
        acknowledgedById: actor.kind === 'system' ? actor.part : actor.id,
        acknowledgedAt: at,
        acknowledgedUntil: until,
        ownerId,
      };
      const facts = { until: until?.toISOString() ?? null, ownerId: ownerId && encodeId('user', ownerId) };
      return { patch, type: 'alert.acknowledged', action: 'alert.acknowledge', facts };
    };
  }

  /** Bare uuid of a member. Throws INVALID_INPUT for anybody else. */
  private async knownPerson(context: RequestContext, id: string | null | undefined): Promise<string | null> {
    if (id === null || id === undefined) return null;
    const uuid = uuidOf('user', id);
    const principal = systemPrincipal(context.principal.workspaceId, 'alert.owners');
    const known = uuid
      ? await this.commands.call(existingCommand.workspace, { ids: [id] }, { ...context, principal })
      : [];
    if (known.length > 0) return uuid;
    throw new CodedError('INVALID_INPUT', 'This workspace has no such member. `ownerId` is the id of a person in it.', {
      field: 'ownerId',
    });
  }

  private one(
    context: RequestContext,
    field: string,
    input: OneAlert,
    decide: Decide,
    refire: AlertRefire | null = null,
  ): Promise<AlertRow> {
    const comment = checkedComment(input.comment);
    return mutate(this.database, context, { field, input }, (transaction) =>
      this.change(transaction, triggerOf(context), input.id, comment, decide, refire),
    );
  }

  /** Each by itself: what cannot be done of one does not keep the others. */
  private async many(
    context: RequestContext,
    field: string,
    input: ManyAlerts,
    decide: Decide,
    refire: AlertRefire | null = null,
  ): Promise<ManyChanged> {
    const comment = checkedComment(input.comment);
    if (input.ids.length > mostAlerts)
      throw new CodedError('INVALID_INPUT', '250 alerts at most can be changed at once.', { field: 'ids' });
    return mutate(this.database, context, { field, input }, async (transaction) => {
      const changed: ManyChanged = { alerts: [], refused: [] };
      // In one order, so that two such calls wait for each other instead of deadlocking.
      for (const id of [...new Set(input.ids)].sort()) {
        try {
          changed.alerts.push(await this.change(transaction, triggerOf(context), id, comment, decide, refire));
        } catch (error) {
          if (!isCodedError(error) || !refusals.has(error.code)) throw error;
          const { code, message, details } = error;
          changed.refused.push({
            id,
            code,
            message,
            reason: typeof details['reason'] === 'string' ? details['reason'] : code,
          });
        }
      }
      return changed;
    });
  }

  private async change(
    transaction: WorkspaceTransaction,
    trigger: Trigger,
    id: string,
    comment: string | null,
    decide: Decide,
    refire: AlertRefire | null,
  ): Promise<AlertRow> {
    const repository = transaction.repository(AlertRow);
    const uuid = uuidOf('alert', id);
    const seen = uuid === null ? null : await repository.findById('alert.findAlert', uuid);
    if (!seen) throw new CodedError('RESOURCE_NOT_FOUND', 'This workspace has no such alert.', { field: 'id' });
    // Evaluators hold an instance before they touch its alert, so whoever ends it does the same.
    const held = refire && (await this.instances.hold(transaction, seen));
    const alert = (await repository.findById('alert.lockAlert', seen.id, { lock: true }))!;
    const { patch, type, action, facts } = decide(alert, trigger);
    if (held) await this.instances.endByPerson(transaction, held, refire, trigger.at);
    const said = comment === null ? {} : { comment };
    const changed = (await repository.update('alert.changeAlert', alert.id, { ...patch, ...said }))!;
    await this.transitions.announce(transaction, trigger, type, [changed], facts, comment);
    const before = { status: alert.status, ...('ownerId' in facts ? { ownerId: publicOwner(alert) } : {}) };
    this.transitions.record(transaction, trigger, action, changed, before, {
      status: changed.status,
      ...facts,
      ...said,
    });
    return changed;
  }
}

/** Of an alert that nobody has taken up. */
const notAcknowledged = {
  acknowledgedByKind: null,
  acknowledgedById: null,
  acknowledgedAt: null,
  acknowledgedUntil: null,
} as const satisfies Partial<AlertRow>;

/** What is wrong with one alert of many, and not with the call. */
const refusals: ReadonlySet<string> = new Set(['RESOURCE_NOT_FOUND', 'RESOURCE_CONFLICT', 'INVALID_INPUT']);

function resolving(alert: AlertRow, { at }: Trigger): Decision {
  if (alert.status === 'RESOLVED') throw alreadyResolved();
  return {
    patch: {
      status: 'RESOLVED',
      resolvedAt: at,
      resolvedReason: 'RESOLVED_BY_PERSON',
      recovering: false,
      flapping: false,
      noDataSince: null,
      acknowledgedUntil: null,
    },
    type: 'alert.resolved',
    action: 'alert.resolve',
    facts: { reason: 'RESOLVED_BY_PERSON' },
  };
}

function checkedUntil(until: Date | null): Date | null {
  if (until === null) return null;
  const aheadMs = until.getTime() - Date.now();
  if (aheadMs > 0 && aheadMs <= longestUntilMs) return until;
  throw new CodedError('INVALID_INPUT', '`until` is ahead, by 30 days at most.', { field: 'until' });
}

function triggerOf({ principal, requestId }: RequestContext): Trigger {
  return { actor: principal.actor, requestId, at: new Date() };
}

function publicActor({ acknowledgedByKind: kind, acknowledgedById: id }: AlertRow): string | null {
  if (id === null || kind === 'system') return id;
  return encodeId(kind === 'user' ? 'user' : 'key', id);
}

function publicOwner({ ownerId }: AlertRow): string | null {
  return ownerId && encodeId('user', ownerId);
}

function alreadyResolved(): CodedError {
  return conflict('ALREADY_RESOLVED', 'This alert is resolved already.');
}
