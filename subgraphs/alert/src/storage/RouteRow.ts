import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AlertMatcher } from './SilenceRow.js';

/** Who is told, so long after an alert fired, while nobody has acknowledged it. */
export interface RouteStep {
  readonly afterSeconds: number;
  /** Bare uuids. */
  readonly channelIds: readonly string[];
}

/** Who is told of which alerts. */
@Entity('alert_route')
export class RouteRow {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** From 0 on: routes are looked at in this order. */
  @Column('integer')
  position!: number;

  @Column('text')
  name!: string;

  /** All of them must match; none: every alert. */
  @Column('jsonb')
  matchers!: AlertMatcher[];

  /** Whether the routes behind it are looked at, too. */
  @Column('boolean', { name: 'go_on' })
  goOn!: boolean;

  /** Labels: alerts that are alike in all of them are told together. */
  @Column('text', { name: 'group_by', array: true })
  groupBy!: string[];

  @Column('integer', { name: 'group_wait_seconds' })
  groupWaitSeconds!: number;

  @Column('integer', { name: 'group_interval_seconds' })
  groupIntervalSeconds!: number;

  @Column('integer', { name: 'repeat_seconds' })
  repeatSeconds!: number;

  @Column('jsonb')
  steps!: RouteStep[];
}
