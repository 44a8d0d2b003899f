import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One entry of the audit trail, which every subgraph appends to and only this one reads. */
@Entity('audit_entry')
export class AuditEntryRow {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId!: string;

  /** 1, 2, 3 … within the workspace. */
  @PrimaryColumn('bigint')
  number!: number;

  @Column('uuid')
  id!: string;

  @Column('timestamptz')
  at!: Date;

  @Column('text', { name: 'actor_kind' })
  actorKind!: 'user' | 'apiKey' | 'system';

  /** Bare uuid of a user or key, or the name of a part. */
  @Column('text', { name: 'actor_id' })
  actorId!: string;

  @Column('text')
  action!: string;

  @Column('text', { name: 'entity_type' })
  entityType!: string;

  @Column('text', { name: 'entity_id' })
  entityId!: string;

  @Column('jsonb', { nullable: true })
  before!: Record<string, unknown> | null;

  @Column('jsonb', { nullable: true })
  after!: Record<string, unknown> | null;

  @Column('text', { name: 'request_id' })
  requestId!: string;
}
