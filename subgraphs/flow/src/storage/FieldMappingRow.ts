import type { MappingStatus } from '@tributary/contracts/values';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Table `field_mapping`: what becomes of each source column, in the source's order. */
@Entity('field_mapping')
export class FieldMappingRow {
  @PrimaryColumn({ name: 'workspace_id', type: 'uuid' })
  workspaceId!: string;

  @PrimaryColumn({ name: 'flow_id', type: 'uuid' })
  flowId!: string;

  @PrimaryColumn({ name: 'ordinal', type: 'integer' })
  ordinal!: number;

  @Column({ name: 'source_field', type: 'text' })
  sourceField!: string;

  @Column({ name: 'target_field', type: 'text', nullable: true })
  targetField!: string | null;

  @Column({ name: 'confidence', type: 'double precision' })
  confidence!: number;

  @Column({ name: 'status', type: 'text' })
  status!: MappingStatus;

  @Column({ name: 'reason', type: 'text' })
  reason!: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}

/** What readers are shown of a mapping. */
export const shownOfMapping = [
  'flowId',
  'ordinal',
  'sourceField',
  'targetField',
  'confidence',
  'status',
  'reason',
] as const satisfies readonly (keyof FieldMappingRow)[];
export type ShownMapping = Pick<FieldMappingRow, (typeof shownOfMapping)[number]>;
