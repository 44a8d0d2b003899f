import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { CodedError } from '@tributary/contracts/errors';
import { resolveRange } from '@tributary/contracts/values';
import { Allow, CursorScalar, TimeRange, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { CommandClient } from '@tributary/commands';
import type { AlertRules } from '../domain/AlertRules.js';
import { toScope } from '../domain/checkRule.js';
import type { RuleDefinition } from '../domain/checkRule.js';
import { previewRule } from '../domain/previewRule.js';
import { AlertRule, AlertRuleConnection, AlertRulePreview, toAlertRule } from './AlertRule.js';
import { AlertRuleInput, CreateAlertRuleInput, DeleteAlertRuleInput, UpdateAlertRuleInput } from './inputs.js';
import type { AlertRulePatch } from './inputs.js';
import { CreateAlertRulePayload, DeleteAlertRulePayload, UpdateAlertRulePayload } from './payloads.js';

@Resolver(() => AlertRule)
export class AlertRuleResolver {
  constructor(
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
      'What a rule would have done, from the traces that are stored: evaluated at steps of a quarter of its window, at least 10 seconds and at most 10,000 steps. Nothing is saved.',
  })
  @Allow('alertRule.read')
  async previewAlertRule(
    @Arg('input', () => AlertRuleInput, { description: 'What it says.' }) input: AlertRuleInput,
    @Arg('range', () => TimeRange, { description: 'The period.' }) range: TimeRange,
    @Ctx() context: GraphqlContext,
  ): Promise<AlertRulePreview> {
    return { firings: await previewRule(this.commands, context, toDefinition(input), resolveRange(range)) };
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
  const scope = toScope(input.scope);
  return {
    name,
    metric,
    comparison,
    threshold,
    windowSeconds,
    groupBy: input.groupBy ?? null,
    scope,
    severity,
    enabled,
  };
}

/** Absent fields stay absent; null is for the two fields that can be cleared. */
function toPatch(patch: AlertRulePatch): Partial<RuleDefinition> {
  const { groupBy, scope, ...others } = patch;
  const given = Object.entries(others).filter(([, value]) => value !== undefined);
  const nulled = given.find(([, value]) => value === null);
  if (nulled) {
    throw new CodedError('INVALID_INPUT', `\`patch.${nulled[0]}\` cannot be null. Leave it out to keep it.`, {
      field: `patch.${nulled[0]}`,
    });
  }
  return {
    ...(Object.fromEntries(given) as Partial<RuleDefinition>),
    ...(groupBy === undefined ? {} : { groupBy }),
    ...(scope === undefined ? {} : { scope: toScope(scope) }),
  };
}
