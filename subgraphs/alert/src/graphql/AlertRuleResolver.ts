import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { CodedError } from '@tributary/contracts/errors';
import { resolveRange } from '@tributary/contracts/values';
import { Allow, CursorScalar, TimeRange, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import { definitionOf } from '../domain/AlertRules.js';
import type { AlertRules } from '../domain/AlertRules.js';
import { firingsOnlyIn } from '../domain/compareFirings.js';
import { toScope } from '../domain/checkRule.js';
import type { RuleDefinition } from '../domain/checkRule.js';
import { previewRule } from '../domain/previewRule.js';
import { AlertInstanceConnection, toAlertInstance } from './AlertInstance.js';
import type { AlertInstance } from './AlertInstance.js';
import { AlertRule, AlertRuleConnection, toAlertRule } from './AlertRule.js';
import { AlertRuleComparison, AlertRulePreview, toFiring, toPreview } from './AlertRulePreview.js';
import { AlertInstanceState } from './enums.js';
import {
  AlertRuleInput,
  AlertRulePatch,
  CreateAlertRuleInput,
  DeleteAlertRuleInput,
  UpdateAlertRuleInput,
} from './inputs.js';
import type { AlertConditionInput } from './inputs.js';
import { CreateAlertRulePayload, DeleteAlertRulePayload, UpdateAlertRulePayload } from './payloads.js';

@Resolver(() => AlertRule)
export class AlertRuleResolver {
  constructor(
    private readonly database: Database,
    private readonly rules: AlertRules,
    private readonly commands: CommandClient,
  ) {}

  @Query(() => AlertRule, { nullable: true, description: 'One rule. Null when it is not in this workspace.' })
  @Allow('alertRule.read')
  async alertRule(
    @Arg('id', () => ID, { description: 'The rule’s id.' }) id: string,
    @Ctx() context: GraphqlContext,
  ): Promise<AlertRule | null> {
    const row = await this.rules.find(context, id);
    return row && toAlertRule(row);
  }

  @Query(() => AlertRuleConnection, { nullable: true, description: 'The workspace’s rules, newest first.' })
  @Allow('alertRule.read')
  async alertRules(
    @Arg('first', () => Int, { defaultValue: 50, description: 'Items at most, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<AlertRule>> {
    const page = await this.rules.list(context, { first, after: after ?? null });
    return toConnection(page, toAlertRule, () => page.count());
  }

  @Query(() => AlertRulePreview, {
    nullable: true,
    description:
      'What a rule would have done, from what is stored, by the machine that evaluates rules at work. Nothing is saved.',
  })
  @Allow('alertRule.read')
  async previewAlertRule(
    @Arg('input', () => AlertRuleInput, { description: 'What it says.' }) input: AlertRuleInput,
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Ctx() context: GraphqlContext,
  ): Promise<AlertRulePreview> {
    const { database, commands } = this;
    return toPreview(await previewRule(database, commands, context, toDefinition(input), resolveRange(range)));
  }

  @Query(() => AlertRuleComparison, {
    nullable: true,
    description: 'What a change of a rule would have changed. Null when the rule is not in this workspace.',
  })
  @Allow('alertRule.read')
  async previewAlertRuleChange(
    @Arg('id', () => ID, { description: 'The rule’s id.' }) id: string,
    @Arg('patch', () => AlertRulePatch, { description: 'What would change.' }) patch: AlertRulePatch,
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Ctx() context: GraphqlContext,
  ): Promise<AlertRuleComparison | null> {
    const rule = await this.rules.find(context, id);
    if (!rule) return null;
    const { database, commands } = this;
    const period = resolveRange(range);
    const definition = definitionOf(rule);
    const before = await previewRule(database, commands, context, definition, period, rule.id);
    const after = await previewRule(database, commands, context, { ...definition, ...toPatch(patch) }, period, rule.id);
    return {
      before: toPreview(before),
      after: toPreview(after),
      added: firingsOnlyIn(after.firings, before.firings).map(toFiring),
      removed: firingsOnlyIn(before.firings, after.firings).map(toFiring),
    };
  }

  @FieldResolver(() => AlertInstanceConnection, {
    nullable: true,
    description: 'Where it stands with its groups: those that it has something to remember of.',
  })
  @Allow('alert.read')
  async instances(
    @Root() { row }: AlertRule,
    @Arg('state', () => [AlertInstanceState], { nullable: true, description: 'Where they stand. Null: anywhere.' })
    state: AlertInstanceState[] | null,
    @Arg('first', () => Int, { defaultValue: 50, description: 'Items at most, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<AlertInstance>> {
    const page = await this.rules.instancesOf(context, row.id, state ?? null, { first, after: after ?? null });
    return toConnection(
      page,
      (instance) => toAlertInstance(instance, row.groupBy),
      () => page.count(),
    );
  }

  @Mutation(() => CreateAlertRulePayload, {
    nullable: true,
    description: 'Adds a rule; it is evaluated within seconds.',
  })
  @Allow('alertRule.write')
  async createAlertRule(
    @Arg('input', () => CreateAlertRuleInput, { description: 'The rule.' }) input: CreateAlertRuleInput,
    @Ctx() context: GraphqlContext,
  ): Promise<CreateAlertRulePayload> {
    return { rule: toAlertRule(await this.rules.create(context, toDefinition(input.rule), input)) };
  }

  @Mutation(() => UpdateAlertRulePayload, {
    nullable: true,
    description: 'Changes a rule; another version than the one named is RESOURCE_CONFLICT.',
  })
  @Allow('alertRule.write')
  async updateAlertRule(
    @Arg('input', () => UpdateAlertRuleInput, { description: 'The change.' }) input: UpdateAlertRuleInput,
    @Ctx() context: GraphqlContext,
  ): Promise<UpdateAlertRulePayload> {
    const { id, version } = input;
    return { rule: toAlertRule(await this.rules.update(context, { id, version, patch: toPatch(input.patch) }, input)) };
  }

  @Mutation(() => DeleteAlertRulePayload, {
    nullable: true,
    description: 'Removes a rule and resolves its open alerts.',
  })
  @Allow('alertRule.write')
  async deleteAlertRule(
    @Arg('input', () => DeleteAlertRuleInput, { description: 'Which rule.' }) input: DeleteAlertRuleInput,
    @Ctx() context: GraphqlContext,
  ): Promise<DeleteAlertRulePayload> {
    const { deletedId } = await this.rules.delete(context, input.id, input);
    return { deletedAlertRuleId: deletedId };
  }
}

function toDefinition(input: AlertRuleInput): RuleDefinition {
  const { name, metric, comparison, threshold, windowSeconds, severity, enabled } = input;
  const { forSeconds, keepFiringSeconds, delaySeconds, timeBasis, noData, combine, reopenSeconds, maxAlerts } = input;
  return {
    name,
    metric,
    comparison,
    threshold,
    windowSeconds,
    severity,
    enabled,
    forSeconds,
    keepFiringSeconds,
    delaySeconds,
    timeBasis,
    noData,
    combine,
    reopenSeconds,
    maxAlerts,
    groupBy: input.groupBy ?? null,
    scope: toScope(input.scope),
    recoveryThreshold: input.recoveryThreshold ?? null,
    everySeconds: input.everySeconds ?? null,
    missingAfterSeconds: input.missingAfterSeconds ?? null,
    also: (input.also ?? []).map(toCondition),
    expect: input.expect ?? [],
    labels: (input.labels ?? {}) as Record<string, string>,
    runbookUrl: input.runbookUrl ?? null,
  };
}

function toCondition({ metric, comparison, threshold, recoveryThreshold, windowSeconds }: AlertConditionInput) {
  return { metric, comparison, threshold, recoveryThreshold: recoveryThreshold ?? null, windowSeconds };
}

/** Fields that null clears, with what then stands there. */
const cleared: Partial<RuleDefinition> = {
  groupBy: null,
  scope: null,
  recoveryThreshold: null,
  everySeconds: null,
  missingAfterSeconds: null,
  also: [],
  expect: [],
  labels: {},
  runbookUrl: null,
};

/** Absent fields stay absent. Throws INVALID_INPUT for null where nothing can be cleared. */
function toPatch({ scope, also, ...patch }: AlertRulePatch): Partial<RuleDefinition> {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  const nulled = given.find(([field, value]) => value === null && !(field in cleared));
  if (nulled) {
    throw new CodedError('INVALID_INPUT', `\`patch.${nulled[0]}\` cannot be null. Leave it out to keep it.`, {
      field: `patch.${nulled[0]}`,
    });
  }
  const fields = given.map(([field, value]) => [field, value ?? cleared[field as keyof RuleDefinition]]);
  return {
    ...(Object.fromEntries(fields) as Partial<RuleDefinition>),
    ...(scope === undefined ? {} : { scope: toScope(scope) }),
    ...(also === undefined ? {} : { also: (also ?? []).map(toCondition) }),
  };
}
