import type { AlertInstanceState } from '@tributary/contracts/values';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where a rule stands with one fingerprint. */
@Entity('alert_instance')
export class InstanceRow {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId!: string;

  @PrimaryColumn('uuid', { name: 'rule_id' })
  ruleId!: string;

  @PrimaryColumn('text')
  fingerprint!: string;

  /** Of its group; null without groups, and for data without a value. */
  @Column('text', { nullable: true })
  key!: string | null;

  @Column('text')
  state!: AlertInstanceState;

  @Column('timestamptz')
  since!: Date;

  @Column('double precision', { nullable: true })
  value!: number | null;

  @Column('timestamptz', { name: 'observed_at', nullable: true })
  observedAt!: Date | null;

  @Column('timestamptz', { name: 'no_data_since', nullable: true })
  noDataSince!: Date | null;

  @Column('boolean', { name: 'muted_until_clear' })
  mutedUntilClear!: boolean;

  @Column('timestamptz', { array: true })
  changes!: Date[];

  @Column('boolean')
  flapping!: boolean;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  @Column('integer')
  repeats!: number;

  @Column('timestamptz', { name: 'told_at', nullable: true })
  toldAt!: Date | null;

  /** The open one, else the last; null when there was none. */
  @Column('uuid', { name: 'last_alert_id', nullable: true })
  lastAlertId!: string | null;

  /** Counts its changes. */
  @Column('integer')
  version!: number;
}
