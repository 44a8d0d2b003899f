import { Deadline, newUuid } from '@tributary/kernel';
import { systemPrincipal } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';
import { figuresCommand } from '@tributary/contracts/commands';
import type { CommandClient } from '@tributary/commands';
import type { Figure } from '@tributary/contracts/commands';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import { AlertRow } from '../storage/AlertRow.js';
import { AlertRuleRow } from '../storage/AlertRuleRow.js';
import { lockOpenAlertsOfRule } from '../storage/transitionStatements.js';
import { claimRule, lockClaimedRule } from '../storage/ruleStatements.js';
import type { ClaimedRule } from '../storage/ruleStatements.js';
import type { AlertTransitions, Firing, Trigger } from './AlertTransitions.js';
import { firingOf, groupMemoryMs, isMet, mustRememberGroups, valueWithoutTraces } from './ruleCondition.js';

export interface RuleEvaluatorOptions {
  /** Between two evaluations of one rule. */
  readonly everyMs: number;
  /** A condition that holds on is counted as another occurrence after this, or after the rule's window when that is shorter. */
  readonly repeatAfterMs: number;
}

/** Due rules that are taken in one round. */
const rulesOfRound = 100;
/** Rules that are evaluated side by side. */
const sideBySide = 4;
const evaluationMs = 10_000;
/** Open alerts of one rule: a rule that fires for everything needs another rule, not more alerts. */
const maxAlertsOfRule = 100;

/**
 * Evaluates the enabled rules of all workspaces. Any number of evaluators share the work: a rule is claimed by one conditional UPDATE,
 * and what an evaluation found is written only while nobody has claimed or changed the rule since, so each firing is announced once.
 */
export class RuleEvaluator {
  constructor(
    private readonly database: Database,
    private readonly commands: CommandClient,
    private readonly transitions: AlertTransitions,
    private readonly logger: Logger,
    private readonly options: RuleEvaluatorOptions,
  ) {}

  /** Evaluates what is due now. */
  async evaluateDueRules(): Promise<void> {
    const due = await this.database.lookup('due_alert_rules', [rulesOfRound]);
    const queue = due.map((row) => ({ workspaceId: row['workspace_id'] as string, ruleId: row['rule_id'] as string }));
    const evaluateNext = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const { workspaceId, ruleId } = next;
        try {
          await this.evaluate(workspaceId, ruleId);
        } catch (err) {
          this.logger.warn({ err, workspaceId, ruleId }, 'a rule could not be evaluated and will be tried again');
        }
      }
    };
    await Promise.all(Array.from({ length: sideBySide }, evaluateNext));
  }

  private async evaluate(workspaceId: string, ruleId: string): Promise<void> {
    const table = this.database.table(AlertRuleRow);
    const claim = await this.database.withWorkspace({ workspaceId }, (transaction) =>
      transaction.queryOne(claimRule(table, ruleId, this.options.everyMs)),
    );
    if (!claim) return;
    const context: RequestContext = {
      principal: systemPrincipal(workspaceId, 'alert.rules'),
      requestId: newUuid(),
      deadline: Deadline.in(evaluationMs),
    };
    const at = new Date();
    const firings = await this.findFirings(context, claim.rule, at);
    if (firings.length === 0 && !claim.hasOpenAlerts) return;
    await this.database.withWorkspace({ workspaceId }, async (transaction) => {
      const stillOurs = await transaction.queryOne(lockClaimedRule(claim.rule));
      if (!stillOurs) return;
      const trigger = { actor: context.principal.actor, requestId: context.requestId, at };
      await this.write(transaction, claim, trigger, firings);
    });
  }

  private async findFirings(context: RequestContext, rule: AlertRuleRow, at: Date): Promise<Firing[]> {
    const { metric, groupBy, scope } = rule;
    const from = new Date(at.getTime() - rule.windowSeconds * 1_000);
    const figures = await this.commands.call(figuresCommand, { metric, from, to: at, groupBy, scope }, context);
    const all = mustRememberGroups(rule)
      ? [...figures, ...(await this.silentGroups(context, rule, figures, at))]
      : figures;
    const firings: Firing[] = [];
    for (const { key, value } of all) if (isMet(rule, value)) firings.push(firingOf(rule, key, value));
    return firings;
  }

  /** Groups that had traces lately and have none in the window: they do not appear by themselves. */
  private async silentGroups(
    context: RequestContext,
    rule: AlertRuleRow,
    figures: readonly Figure[],
    at: Date,
  ): Promise<Figure[]> {
    const memory = Math.max(groupMemoryMs, rule.windowSeconds * 1_000);
    const lately = await this.commands.call(
      figuresCommand,
      { metric: 'REQUESTS', from: new Date(at.getTime() - memory), to: at, groupBy: rule.groupBy, scope: rule.scope },
      context,
    );
    const speaking = new Set(figures.map((figure) => figure.key));
    const value = valueWithoutTraces(rule.metric);
    return lately.filter((figure) => !speaking.has(figure.key)).map(({ key }) => ({ key, value }));
  }

  private async write(
    transaction: WorkspaceTransaction,
    { rule }: ClaimedRule,
    trigger: Trigger,
    firings: readonly Firing[],
  ): Promise<void> {
    const table = this.database.table(AlertRow);
    const open = await transaction.query(lockOpenAlertsOfRule(table, rule.id));
    const openByFingerprint = new Map(open.map((alert) => [alert.fingerprint, alert]));
    const firingFingerprints = new Set(firings.map((firing) => firing.fingerprint));
    const ended = open.filter((alert) => !firingFingerprints.has(alert.fingerprint));
    await this.transitions.resolve(transaction, trigger, ended, 'BACK_TO_NORMAL');

    const repeatAfterMs = Math.min(this.options.repeatAfterMs, rule.windowSeconds * 1_000);
    const again = firings.flatMap((firing) => {
      const alert = openByFingerprint.get(firing.fingerprint);
      const isDue = alert && trigger.at.getTime() - alert.lastSeenAt.getTime() >= repeatAfterMs;
      return alert && isDue ? [{ open: alert, firing }] : [];
    });
    await this.transitions.repeat(transaction, trigger, again);

    const fresh = firings.filter((firing) => !openByFingerprint.has(firing.fingerprint));
    const room = Math.max(0, maxAlertsOfRule - (open.length - ended.length));
    if (fresh.length > room) {
      const { workspaceId } = transaction;
      this.logger.warn(
        { workspaceId, ruleId: rule.id, left: fresh.length - room },
        'a rule has 100 open alerts; more are left out',
      );
    }
    await this.transitions.fire(transaction, trigger, fresh.slice(0, room));
  }
}
