import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';
import { countedConnectionType, DateTimeScalar, Node } from '@tributary/server';
import type { AlertRuleRow } from '../domain/model.js';
import { AlertDimension, AlertMetric, AlertSeverity, Comparison } from './enums.js';

@ObjectType({ description: 'Which traces a rule looks at: those that match every list. Null: any.' })
export class AlertRuleScope {
  @Field(() => [String], { nullable: true, description: 'Names of agents.' })
  agent?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Departments.' })
  department?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Environments.' })
  environment?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Models.' })
  model?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Versions of agents.' })
  version?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of flows.' })
  flowId?: string[] | null;
}

@ObjectType({
  implements: Node,
  description:
    'A condition over agents’ figures, evaluated every few seconds over the window that ends now. While it holds it has one open alert (one for each group, 100 at most), which resolves by itself.',
})
@Directive('@key(fields: "id")')
export class AlertRule extends Node {
  @Field(() => String, { description: 'What people call it; the title of its alerts.' })
  name!: string;

  @Field(() => AlertMetric, { description: 'What it measures.' })
  metric!: AlertMetric;

  @Field(() => Comparison, { description: 'On which side of the threshold it fires.' })
  comparison!: Comparison;

  @Field(() => Float, { description: 'In the unit of the metric; a share is 0 to 1.' })
  threshold!: number;

  @Field(() => Int, { description: 'The length of its window, in seconds.' })
  windowSeconds!: number;

  @Field(() => AlertDimension, {
    nullable: true,
    description: 'Evaluated for each value. Null: for all traces together.',
  })
  groupBy!: AlertDimension | null;

  @Field(() => AlertRuleScope, { nullable: true, description: 'Which traces it looks at. Null: all.' })
  scope!: AlertRuleScope | null;

  @Field(() => AlertSeverity, { description: 'Of the alerts that it raises from now on.' })
  severity!: AlertSeverity;

  @Field(() => Boolean, { description: 'Whether it is evaluated. Switching it off resolves its open alerts.' })
  enabled!: boolean;

  @Field(() => Int, { description: 'Counts its changes; a change must name the one that it was decided on.' })
  version!: number;
}

export const AlertRuleConnection = countedConnectionType(() => AlertRule, 'AlertRule');

@ObjectType({ description: 'A stretch of time in which a rule’s alert would have been open.' })
export class AlertFiring {
  @Field(() => DateTimeScalar, { description: 'When it would have fired.' })
  from!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it would have resolved. Null when it was still firing at the end of the range.',
  })
  to!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'The group. Null without groupBy, and for traces without a value.',
  })
  key!: string | null;

  @Field(() => Float, { description: 'The value furthest beyond the threshold.' })
  peak!: number;
}

@ObjectType({ description: 'What a rule would have done.' })
export class AlertRulePreview {
  @Field(() => [AlertFiring], { description: 'Earliest first, 1,000 at most.' })
  firings!: AlertFiring[];
}

export function toAlertRule(row: AlertRuleRow): AlertRule {
  return Object.assign(new AlertRule(), {
    id: encodeId('rule', row.id),
    name: row.name,
    metric: row.metric,
    comparison: row.comparison,
    threshold: row.threshold,
    windowSeconds: row.windowSeconds,
    groupBy: row.groupBy,
    scope: row.scope && Object.assign(new AlertRuleScope(), row.scope),
    severity: row.severity,
    enabled: row.enabled,
    version: row.version,
  });
}
