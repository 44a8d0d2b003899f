import type { WorkspaceStatus } from '@tributary/contracts/values';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export type Settings = Record<string, unknown>;

@Entity('workspace')
export class WorkspaceRow {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId!: string;

  @Column('text')
  slug!: string;

  @Column('text')
  name!: string;

  @Column('jsonb')
  settings!: Settings;

  @Column('text')
  status!: WorkspaceStatus;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
