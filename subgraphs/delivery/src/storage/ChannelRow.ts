import type { ChannelKind, DeliveryStatus } from '@tributary/contracts/values';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Table `channel`: a way to tell people of alerts. */
@Entity('channel')
export class ChannelRow {
  @PrimaryColumn({ name: 'workspace_id', type: 'uuid' })
  workspaceId!: string;

  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'text' })
  kind!: ChannelKind;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'jsonb' })
  settings!: Record<string, unknown>;

  /** Sealed. */
  @Column({ type: 'text', nullable: true })
  secret!: string | null;

  @Column({ type: 'text' })
  status!: DeliveryStatus;

  @Column({ name: 'status_reason', type: 'text', nullable: true })
  statusReason!: string | null;

  @Column({ name: 'failing_since', type: 'timestamptz', nullable: true })
  failingSince!: Date | null;

  @Column({ type: 'integer' })
  version!: number;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
