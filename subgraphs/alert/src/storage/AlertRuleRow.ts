import type { AlertSeverity, Metric, Comparison, AlertDimension } from '@tributary/contracts/values';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which traces a rule looks at; flows by public id. Absent: all. */
export interface RuleScope {
  readonly agent?: string[];
  readonly department?: string[];
  readonly environment?: string[];
  readonly model?: string[];
  readonly version?: string[];
  readonly flowId?: string[];
}

/** A condition over agents' figures that raises alerts while it holds. */
@Entity('alert_rule')
export class AlertRuleRow {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  metric!: Metric;

  @Column('text')
  comparison!: Comparison;

  @Column('double precision')
  threshold!: number;

  @Column('integer', { name: 'window_seconds' })
  windowSeconds!: number;

  @Column('text', { name: 'group_by', nullable: true })
  groupBy!: AlertDimension | null;

  @Column('jsonb', { nullable: true })
  scope!: RuleScope | null;

  @Column('text')
  severity!: AlertSeverity;

  @Column('boolean')
  enabled!: boolean;

  @Column('timestamptz', { name: 'next_evaluation_at' })
  nextEvaluationAt!: Date;

  /** Counts claims: an evaluator that was overtaken sees another number and leaves its result unused. */
  @Column('bigint')
  evaluations!: number;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
