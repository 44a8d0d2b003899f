import { isDeepStrictEqual } from 'node:util';
import { alertSeverities } from '@tributary/contracts/values';
import type { AlertInstanceState } from '@tributary/contracts/values';
import type { AuditAction } from '@tributary/contracts/audit';
import { CodedError } from '@tributary/contracts/errors';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkedFirst, checkVersion, mutate, positionAfter, scopeOf, toPage } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database, Page, PageRequest, WorkspaceTransaction } from '@tributary/data';

import { AlertRow } from '../storage/AlertRow.js';
import { AlertRuleRow } from '../storage/AlertRuleRow.js';
import { InstanceRow } from '../storage/InstanceRow.js';
import { countInstancesOf, listInstancesOf } from '../storage/instanceStatements.js';
import { lockOpenAlertsOfRule } from '../storage/transitionStatements.js';
import { countRules, deleteRule, listRules, rulesById } from '../storage/ruleStatements.js';
import type { AlertTransitions, Trigger } from './AlertTransitions.js';
import { checkRule } from './checkRule.js';
import type { RuleDefinition } from './checkRule.js';
import type { InstanceWriter } from './InstanceWriter.js';

const listName = 'alertRule';
const instanceList = 'alertInstance';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Rules of one workspace: each costs a question every few seconds. */
const maxRules = 500;

interface Keyed {
  readonly idempotencyKey?: string | null | undefined;
}

export interface InstancePage extends Page<InstanceRow> {
  count(): Promise<number>;
}

export interface RulePage extends Page<AlertRuleRow> {
  count(): Promise<number>;
}

/** The rules of a workspace, for people. */
export class AlertRules {
  constructor(
    private readonly database: Database,
    private readonly transitions: AlertTransitions,
    private readonly instances: InstanceWriter,
  ) {}

  /** The rule with this public id; null when this workspace has none. Throws INVALID_INPUT when it is no id at all. */
  async find(context: RequestContext, id: string): Promise<AlertRuleRow | null> {
    const wanted = uuidOf('rule', id);
    return wanted === null ? null : this.load(context, wanted);
  }

  /** By bare uuid. */
  load(context: RequestContext, wanted: string): Promise<AlertRuleRow | null> {
    const loader = batchLoader<string, AlertRuleRow>(context, 'alert.rule', async (ids) => {
      const scope = scopeOf(context);
      const rows = await this.database.read(scope, rulesById(this.database, ids));
      return new Map(rows.map((row) => [row.id, row]));
    });
    return loader.load(wanted);
  }

  /** Newest first. */
  async list(context: RequestContext, request: PageRequest): Promise<RulePage> {
    const scope = scopeOf(context);
    const first = checkedFirst(request.first);
    const after = readPosition(request.after);
    const rows = await this.database.read(scope, listRules(this.database, after, first + 1));
    return {
      ...toPage(listName, request, rows, (rule) => [rule.id]),
      count: async () => (await this.database.read(scope, countRules()))[0] ?? 0,
    };
  }

  /** Where a rule (bare uuid) stands with its groups: one statement for all rules of a request. */
  async instancesOf(
    context: RequestContext,
    ruleId: string,
    states: readonly AlertInstanceState[] | null,
    request: PageRequest,
  ): Promise<InstancePage> {
    const scope = scopeOf(context);
    const limit = checkedFirst(request.first) + 1;
    const after = readFingerprint(request.after);
    const shape = `${states?.join() ?? ''}:${limit}:${request.after ?? ''}`;
    const loader = batchLoader<string, InstanceRow[]>(context, `alert.instancesOf:${shape}`, async (ruleIds) => {
      const table = this.database.table(InstanceRow);
      const rows = await this.database.read(scope, listInstancesOf(table, ruleIds, states, after, limit));
      return Map.groupBy(rows, (row) => row.ruleId);
    });
    const counts = batchLoader<string, number>(context, `alert.countInstancesOf:${shape}`, async (ruleIds) => {
      const found = await this.database.read(scope, countInstancesOf(ruleIds, states));
      return new Map(found.map(({ ruleId: id, count }) => [id, count]));
    });
    return {
      ...toPage(instanceList, request, (await loader.load(ruleId)) ?? [], (row) => [row.fingerprint]),
      count: async () => (await counts.load(ruleId)) ?? 0,
    };
  }

  /** Throws INVALID_INPUT, MISSING_REQUIRED_FIELD, and QUOTA_EXCEEDED at 500 rules. */
  create(context: RequestContext, definition: RuleDefinition, input: Keyed): Promise<AlertRuleRow> {
    checkRule(definition);
    return mutate(this.database, context, { field: 'createAlertRule', input }, async (transaction) => {
      const known = await transaction.queryOne(countRules());
      if ((known ?? 0) >= maxRules) {
        throw new CodedError('QUOTA_EXCEEDED', 'A workspace has 500 alert rules at most. Delete one first.', {
          limit: maxRules,
        });
      }
      const [rule] = await transaction
        .repository(AlertRuleRow)
        .insert('alert.insertRule', [{ id: newUuid(), ...definition }]);
      this.record(transaction, context, 'alertRule.create', rule!, null, definitionOf(rule!));
      return rule!;
    });
  }

  /**
   * Throws RESOURCE_NOT_FOUND, and RESOURCE_CONFLICT when the rule has another version. A rule that is switched off, or looks at something
   * else, resolves its alerts and begins anew; one that is made graver makes its open alerts as grave.
   */
  update(
    context: RequestContext,
    change: { readonly id: string; readonly version: number; readonly patch: Partial<RuleDefinition> },
    input: Keyed,
  ): Promise<AlertRuleRow> {
    return mutate(this.database, context, { field: 'updateAlertRule', input }, async (transaction) => {
      const repository = transaction.repository(AlertRuleRow);
      const id = uuidOf('rule', change.id);
      const before = id === null ? null : await repository.findById('alert.lockRule', id, { lock: true });
      if (!before) throw notFound();
      checkVersion('rule', before, change.version);
      const after = checkRule({ ...definitionOf(before), ...change.patch });
      const beginsAnew = before.enabled !== after.enabled || looksAtSomethingElse(before, after);
      // Due at once, so that a change shows its effect within seconds.
      const patch = { ...change.patch, nextEvaluationAt: new Date(0), ...(beginsAnew ? anew : {}) };
      const rule = (await repository.update('alert.updateRule', before.id, patch))!;
      const changed = Object.keys(change.patch) as (keyof RuleDefinition)[];
      this.record(transaction, context, 'alertRule.update', rule, pick(before, changed), pick(rule, changed));
      const trigger = triggerOf(context);
      if (beginsAnew) {
        const reason = before.enabled && !rule.enabled ? 'RULE_DISABLED' : 'RULE_CHANGED';
        await this.instances.reset(transaction, rule.id, trigger, reason);
      } else if (alertSeverities.indexOf(rule.severity) > alertSeverities.indexOf(before.severity)) {
        await this.escalateAlertsOf(transaction, trigger, rule);
      }
      return rule;
    });
  }

  /** Answers the public id. Throws RESOURCE_NOT_FOUND. The rule's open alerts are resolved; all of them stay readable. */
  delete(context: RequestContext, id: string, input: Keyed): Promise<{ readonly deletedId: string }> {
    return mutate(this.database, context, { field: 'deleteAlertRule', input }, async (transaction) => {
      const wanted = uuidOf('rule', id);
      const table = this.database.table(AlertRuleRow);
      const rule = wanted === null ? null : await transaction.queryOne(deleteRule(table, wanted));
      if (!rule) throw notFound();
      this.record(transaction, context, 'alertRule.delete', rule, definitionOf(rule), null);
      await this.instances.reset(transaction, rule.id, triggerOf(context), 'RULE_DELETED');
      return { deletedId: encodeId('rule', rule.id) };
    });
  }

  private async escalateAlertsOf(
    transaction: WorkspaceTransaction,
    trigger: Trigger,
    { id, severity }: AlertRuleRow,
  ): Promise<void> {
    const open = await transaction.query(lockOpenAlertsOfRule(this.database.table(AlertRow), id));
    const lighter = open.filter((alert) => alertSeverities.indexOf(alert.severity) < alertSeverities.indexOf(severity));
    await this.transitions.escalate(transaction, trigger, lighter, severity);
  }

  private record(
    transaction: WorkspaceTransaction,
    context: RequestContext,
    action: AuditAction,
    rule: AlertRuleRow,
    before: Readonly<Record<string, unknown>> | null,
    after: Readonly<Record<string, unknown>> | null,
  ): void {
    audit(transaction, {
      actor: context.principal.actor,
      action,
      entityType: 'AlertRule',
      entityId: encodeId('rule', rule.id),
      before,
      after,
      requestId: context.requestId,
    });
  }
}

const definitionFields = [
  'name',
  'metric',
  'comparison',
  'threshold',
  'recoveryThreshold',
  'windowSeconds',
  'groupBy',
  'scope',
  'severity',
  'enabled',
  'forSeconds',
  'keepFiringSeconds',
  'everySeconds',
  'delaySeconds',
  'timeBasis',
  'noData',
  'missingAfterSeconds',
  'also',
  'combine',
  'expect',
  'reopenSeconds',
  'maxAlerts',
  'labels',
  'runbookUrl',
] as const satisfies readonly (keyof RuleDefinition)[];

/** What decides whether the condition is met: after another answer nothing that is known holds any more. */
const conditionFields = [
  'metric',
  'comparison',
  'threshold',
  'windowSeconds',
  'groupBy',
  'scope',
  'timeBasis',
  'also',
  'combine',
] as const satisfies readonly (keyof RuleDefinition)[];

const anew: Partial<AlertRuleRow> = {
  evaluatedUntil: null,
  health: 'OK',
  healthMessage: null,
  healthSince: null,
  droppedGroups: 0,
};

/** What a stored rule says. */
export function definitionOf(rule: AlertRuleRow): RuleDefinition {
  return pick(rule, definitionFields) as unknown as RuleDefinition;
}

function looksAtSomethingElse(before: RuleDefinition, after: RuleDefinition): boolean {
  return conditionFields.some((field) => !isDeepStrictEqual(before[field], after[field]));
}

function triggerOf({ principal, requestId }: RequestContext): Trigger {
  return { actor: principal.actor, requestId, at: new Date() };
}

function pick(rule: AlertRuleRow, fields: readonly (keyof RuleDefinition)[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, rule[field]]));
}

function readPosition(after: string | null): string | null {
  const [id] = positionAfter(listName, after, 1) ?? [null];
  if (id === null || (typeof id === 'string' && uuid.test(id))) return id;
  throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
    field: 'after',
  });
}

function readFingerprint(after: string | null): string | null {
  const [fingerprint] = positionAfter(instanceList, after, 1) ?? [null];
  if (fingerprint === null || (typeof fingerprint === 'string' && !fingerprint.includes('\0'))) return fingerprint;
  throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
    field: 'after',
  });
}

function notFound(): CodedError {
  return new CodedError('RESOURCE_NOT_FOUND', 'This workspace has no such alert rule.', { field: 'id' });
}
