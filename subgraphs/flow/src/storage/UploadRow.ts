import { Column, Entity, PrimaryColumn } from 'typeorm';

export type UploadState = 'STORING' | 'READY' | 'DELETING';

/** Table `upload`: a source file of a workspace; its bytes lie in the upload store under `storageKey`. */
@Entity('upload')
export class UploadRow {
  @PrimaryColumn({ name: 'workspace_id', type: 'uuid' })
  workspaceId!: string;

  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'state', type: 'text' })
  state!: UploadState;

  @Column({ name: 'bytes', type: 'bigint' })
  bytes!: number;

  @Column({ name: 'sha256', type: 'text', nullable: true })
  sha256!: string | null;

  @Column({ name: 'storage_key', type: 'text' })
  storageKey!: string;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
