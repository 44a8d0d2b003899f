import type { AlertResolvedReason, AlertSeverity, AlertStatus } from '@tributary/contracts/values';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something that needs, or needed, a person. */
@Entity('alert')
export class AlertRow {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** Says what it is about: no two open alerts share one. */
  @Column('text')
  fingerprint!: string;

  @Column('text')
  severity!: AlertSeverity;

  /** As it was when the alert fired, where its rule was made graver since: what watchers filter by never changes. */
  @Column('text', { name: 'fired_severity', nullable: true })
  firedSeverity!: AlertSeverity | null;

  @Column('text')
  status!: AlertStatus;

  @Column('text')
  title!: string;

  @Column('text')
  description!: string;

  @Column('jsonb')
  labels!: Record<string, unknown>;

  @Column('double precision', { nullable: true })
  value!: number | null;

  @Column('integer')
  occurrences!: number;

  @Column('timestamptz', { name: 'first_seen_at' })
  firstSeenAt!: Date;

  @Column('timestamptz', { name: 'last_seen_at' })
  lastSeenAt!: Date;

  @Column('text', { name: 'acknowledged_by_kind', nullable: true })
  acknowledgedByKind!: 'user' | 'apiKey' | 'system' | null;

  /** Bare uuid of a person or key, or the name of a part of the product. */
  @Column('text', { name: 'acknowledged_by_id', nullable: true })
  acknowledgedById!: string | null;

  @Column('timestamptz', { name: 'acknowledged_at', nullable: true })
  acknowledgedAt!: Date | null;

  /** Until when; null: until it ends. */
  @Column('timestamptz', { name: 'acknowledged_until', nullable: true })
  acknowledgedUntil!: Date | null;

  /** Bare uuid of the person who works on it. */
  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId!: string | null;

  @Column('text', { nullable: true })
  comment!: string | null;

  @Column('timestamptz', { name: 'resolved_at', nullable: true })
  resolvedAt!: Date | null;

  @Column('text', { name: 'resolved_reason', nullable: true })
  resolvedReason!: AlertResolvedReason | null;

  /** Its condition is over, and it stays until that was so for long enough. */
  @Column('boolean')
  recovering!: boolean;

  @Column('boolean')
  flapping!: boolean;

  @Column('integer')
  reopened!: number;

  /** Found when data came after their tick. */
  @Column('boolean')
  late!: boolean;

  /** Late data showed that it never was. */
  @Column('boolean')
  retracted!: boolean;

  @Column('timestamptz', { name: 'no_data_since', nullable: true })
  noDataSince!: Date | null;

  /** Bare uuid of the silence that quietens it, or did until `suppressedUntil`. */
  @Column('uuid', { name: 'suppressed_by', nullable: true })
  suppressedBy!: string | null;

  @Column('timestamptz', { name: 'suppressed_until', nullable: true })
  suppressedUntil!: Date | null;

  @Column('text', { name: 'runbook_url', nullable: true })
  runbookUrl!: string | null;

  /** Of a rule that may be gone. */
  @Column('uuid', { name: 'rule_id', nullable: true })
  ruleId!: string | null;

  @Column('uuid', { name: 'flow_id', nullable: true })
  flowId!: string | null;

  @Column('uuid', { name: 'asset_id', nullable: true })
  assetId!: string | null;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
