import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something that happened to an alert. Rows are added and never changed. */
@Entity('alert_history')
export class HistoryRow {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId!: string;

  @PrimaryColumn('uuid', { name: 'alert_id' })
  alertId!: string;

  /** The version of the alert that it made. */
  @PrimaryColumn('integer')
  number!: number;

  @Column('timestamptz')
  at!: Date;

  /** As the type of the event, without `alert.`. */
  @Column('text')
  kind!: string;

  @Column('text', { name: 'actor_kind' })
  actorKind!: 'user' | 'apiKey' | 'system';

  /** Bare uuid of a person or key, or the name of a part of the product. */
  @Column('text', { name: 'actor_id' })
  actorId!: string;

  @Column('text', { nullable: true })
  comment!: string | null;

  @Column('jsonb')
  facts!: Record<string, unknown>;
}
