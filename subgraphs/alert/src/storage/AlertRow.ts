import type { AlertSeverity, AlertStatus } from '@tributary/contracts/values';
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

  /** As it was when the alert fired; never changes. */
  @Column('text')
  severity!: AlertSeverity;

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

  @Column('text', { nullable: true })
  comment!: string | null;

  @Column('timestamptz', { name: 'resolved_at', nullable: true })
  resolvedAt!: Date | null;

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
