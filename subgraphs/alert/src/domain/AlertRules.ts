import type { AuditAction } from '@tributary/contracts/audit';
import { CodedError } from '@tributary/contracts/errors';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkedFirst, mutate, positionAfter, scopeOf, toPage } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database, Page, PageRequest, WorkspaceTransaction } from '@tributary/data';
import { AlertRow } from '../storage/AlertRow.js';
import { AlertRuleRow } from '../storage/AlertRuleRow.js';
import { lockOpenAlertsOfRule } from '../storage/transitionStatements.js';
import { countRules, deleteRule, listRules, rulesById } from '../storage/ruleStatements.js';
import type { AlertTransitions, ResolveReason } from './AlertTransitions.js';
import { checkRule } from './checkRule.js';
import type { RuleDefinition } from './checkRule.js';

const listName = 'alertRule';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Rules of one workspace: each costs a question every few seconds. */
const maxRules = 500;

interface Keyed {
  readonly idempotencyKey?: string | null | undefined;
}

export interface RulePage extends Page<AlertRuleRow> {
  count(): Promise<number>;
}

/** The rules of a workspace, for people. */
export class AlertRules {
  constructor(
    private readonly database: Database,
    private readonly transitions: AlertTransitions,
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

  /** Throws RESOURCE_NOT_FOUND, and RESOURCE_CONFLICT when the rule has another version. A rule that is switched off resolves its alerts. */
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
      if (before.version !== change.version) {
        throw new CodedError(
          'RESOURCE_CONFLICT',
          'This rule was changed since it was read. Read it again, then decide.',
          {
            reason: 'VERSION_MISMATCH',
            version: before.version,
          },
        );
      }
      checkRule({ ...definitionOf(before), ...change.patch });
      // Due at once, so that a change shows its effect within seconds.
      const patch = { ...change.patch, nextEvaluationAt: new Date(0) };
      const rule = (await repository.update('alert.updateRule', before.id, patch))!;
      const changed = Object.keys(change.patch) as (keyof RuleDefinition)[];
      this.record(transaction, context, 'alertRule.update', rule, pick(before, changed), pick(rule, changed));
      if (before.enabled && !rule.enabled) await this.resolveAlertsOf(transaction, context, rule.id, 'RULE_DISABLED');
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
      await this.resolveAlertsOf(transaction, context, rule.id, 'RULE_DELETED');
      return { deletedId: encodeId('rule', rule.id) };
    });
  }

  private async resolveAlertsOf(
    transaction: WorkspaceTransaction,
    context: RequestContext,
    ruleId: string,
    reason: ResolveReason,
  ): Promise<void> {
    const table = this.database.table(AlertRow);
    const open = await transaction.query(lockOpenAlertsOfRule(table, ruleId));
    const trigger = { actor: context.principal.actor, requestId: context.requestId, at: new Date() };
    await this.transitions.resolve(transaction, trigger, open, reason);
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

function definitionOf(rule: AlertRuleRow): RuleDefinition {
  const { name, metric, comparison, threshold, windowSeconds, groupBy, scope, severity, enabled } = rule;
  return { name, metric, comparison, threshold, windowSeconds, groupBy, scope, severity, enabled };
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

function notFound(): CodedError {
  return new CodedError('RESOURCE_NOT_FOUND', 'This workspace has no such alert rule.', { field: 'id' });
}
