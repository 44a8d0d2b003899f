import type {
  AlertCombine,
  AlertDimension,
  AlertMetric,
  AlertSeverity,
  Comparison,
  NoDataPolicy,
  TimeBasis,
} from '@tributary/contracts/values';
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

/** What a rule looks at beside its first condition. */
export interface RuleCondition {
  readonly metric: AlertMetric;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly recoveryThreshold: number | null;
  readonly windowSeconds: number;
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
  metric!: AlertMetric;

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

  /** Null: the threshold. */
  @Column('double precision', { name: 'recovery_threshold', nullable: true })
  recoveryThreshold!: number | null;

  @Column('integer', { name: 'for_seconds' })
  forSeconds!: number;

  @Column('integer', { name: 'keep_firing_seconds' })
  keepFiringSeconds!: number;

  /** Null: by the window. */
  @Column('integer', { name: 'every_seconds', nullable: true })
  everySeconds!: number | null;

  @Column('integer', { name: 'delay_seconds' })
  delaySeconds!: number;

  @Column('text', { name: 'time_basis' })
  timeBasis!: TimeBasis;

  @Column('text', { name: 'no_data' })
  noData!: NoDataPolicy;

  /** Null: by the window. */
  @Column('integer', { name: 'missing_after_seconds', nullable: true })
  missingAfterSeconds!: number | null;

  @Column('jsonb')
  also!: RuleCondition[];

  @Column('text')
  combine!: AlertCombine;

  @Column('jsonb')
  expect!: string[];

  @Column('integer', { name: 'reopen_seconds' })
  reopenSeconds!: number;

  @Column('integer', { name: 'max_alerts' })
  maxAlerts!: number;

  /** What its alerts carry beside the facts of their condition. */
  @Column('jsonb')
  labels!: Record<string, string>;

  @Column('text', { name: 'runbook_url', nullable: true })
  runbookUrl!: string | null;

  /** The last tick that is decided; null before the first. */
  @Column('timestamptz', { name: 'evaluated_until', nullable: true })
  evaluatedUntil!: Date | null;

  @Column('text')
  health!: 'OK' | 'LATE' | 'ERROR';

  @Column('text', { name: 'health_message', nullable: true })
  healthMessage!: string | null;

  @Column('timestamptz', { name: 'health_since', nullable: true })
  healthSince!: Date | null;

  /** Between a tick and its evaluation, at the last one. */
  @Column('integer', { name: 'lag_ms', nullable: true })
  lagMs!: number | null;

  @Column('integer', { name: 'dropped_groups' })
  droppedGroups!: number;

  /** Ticks that were too long ago to be caught up with. */
  @Column('bigint', { name: 'skipped_ticks' })
  skippedTicks!: number;

  /** Minutes of late data beyond the horizon of repair. */
  @Column('bigint', { name: 'late_ignored' })
  lateIgnored!: number;

  /** The last batch of traces that was looked at for late data; null before the first look. */
  @Column('bigint', { name: 'late_after', nullable: true })
  lateAfter!: number | null;

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
