import type { SilenceKind } from '@tributary/contracts/values';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which alerts are meant: those whose label has one of the values. */
export interface AlertMatcher {
  /** severity, ruleId, flowId, assetId, fingerprint, or a label of alerts. */
  readonly label: string;
  readonly values: readonly string[];
}

/** For how long, once or again and again, notifications of some alerts are held. */
@Entity('alert_silence')
export class SilenceRow {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  kind!: SilenceKind;

  /** All of them must match; none: every alert. */
  @Column('jsonb')
  matchers!: AlertMatcher[];

  @Column('text')
  comment!: string;

  @Column('timestamptz', { name: 'starts_at' })
  startsAt!: Date;

  /** Of one that recurs: when the series ends. */
  @Column('timestamptz', { name: 'ends_at' })
  endsAt!: Date;

  /** RFC 5545; null: once. */
  @Column('text', { nullable: true })
  rrule!: string | null;

  @Column('text', { name: 'time_zone', nullable: true })
  timeZone!: string | null;

  /** Of each occurrence. */
  @Column('integer', { name: 'duration_seconds', nullable: true })
  durationSeconds!: number | null;

  /** The occurrence that it is in, or the next one; null when there is none any more. */
  @Column('timestamptz', { name: 'active_from', nullable: true })
  activeFrom!: Date | null;

  @Column('timestamptz', { name: 'active_until', nullable: true })
  activeUntil!: Date | null;

  /** When the workspace's alerts are looked at next because of it. */
  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt!: Date | null;

  @Column('text', { name: 'created_by_kind' })
  createdByKind!: 'user' | 'apiKey' | 'system';

  /** Bare uuid of a person or key, or the name of a part of the product. */
  @Column('text', { name: 'created_by_id' })
  createdById!: string;

  /** When somebody ended it before its time. */
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
