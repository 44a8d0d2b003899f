import type { DiscoveryCoverage, SourceFormat } from '@tributary/contracts/values';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Table `discovery_flow`, the child row of a flow of kind "discovery". */
@Entity('discovery_flow')
export class DiscoveryFlowRow {
  @PrimaryColumn({ name: 'workspace_id', type: 'uuid' })
  workspaceId!: string;

  @PrimaryColumn({ name: 'flow_id', type: 'uuid' })
  flowId!: string;

  @Column({ name: 'source_name', type: 'text' })
  sourceName!: string;

  @Column({ name: 'source_format', type: 'text' })
  sourceFormat!: SourceFormat;

  /** What a person said; null: found out. */
  @Column({ name: 'source_encoding', type: 'text', nullable: true })
  sourceEncoding!: string | null;

  /** The only sheet to read; null: every one. */
  @Column({ name: 'source_sheet', type: 'text', nullable: true })
  sourceSheet!: string | null;

  @Column({ name: 'upload_id', type: 'uuid', nullable: true })
  uploadId!: string | null;

  @Column({ name: 'source_bytes', type: 'bigint' })
  sourceBytes!: number;

  @Column({ type: 'text' })
  coverage!: DiscoveryCoverage;

  @Column({ name: 'require_approval', type: 'boolean' })
  requireApproval!: boolean;

  @Column({ name: 'rows_total', type: 'integer' })
  rowsTotal!: number;

  @Column({ name: 'rows_valid', type: 'integer' })
  rowsValid!: number;

  @Column({ name: 'rows_rejected', type: 'integer' })
  rowsRejected!: number;

  @Column({ name: 'assets_created', type: 'integer' })
  assetsCreated!: number;

  @Column({ name: 'assets_updated', type: 'integer' })
  assetsUpdated!: number;

  @Column({ name: 'dependencies_found', type: 'integer' })
  dependenciesFound!: number;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
