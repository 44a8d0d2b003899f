import type { DeliveryStatus, WebhookFormat, WebhookOrdering, WebhookSigning } from '@tributary/contracts/values';
import type { StreamId } from '@tributary/contracts/events';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Table `webhook`: what is sent to whom. */
@Entity('webhook')
export class WebhookRow {
  @PrimaryColumn({ name: 'workspace_id', type: 'uuid' })
  workspaceId!: string;

  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  url!: string;

  @Column({ type: 'text' })
  document!: string;

  @Column({ type: 'jsonb' })
  variables!: Record<string, unknown>;

  /** The field of Subscription. */
  @Column({ type: 'text' })
  stream!: string;

  @Column({ type: 'text' })
  log!: StreamId;

  @Column({ name: 'cost_per_event', type: 'integer' })
  costPerEvent!: number;

  @Column({ type: 'text' })
  format!: WebhookFormat;

  @Column({ type: 'text' })
  signing!: WebhookSigning;

  @Column({ type: 'text' })
  ordering!: WebhookOrdering;

  @Column({ name: 'max_batch', type: 'integer' })
  maxBatch!: number;

  @Column({ name: 'max_per_second', type: 'integer' })
  maxPerSecond!: number;

  /** Sealed. */
  @Column({ type: 'text', nullable: true })
  headers!: string | null;

  @Column({ name: 'header_names', type: 'text', array: true })
  headerNames!: string[];

  @Column({ name: 'owner_kind', type: 'text' })
  ownerKind!: 'user' | 'apiKey';

  @Column({ name: 'owner_id', type: 'uuid' })
  ownerId!: string;

  @Column({ type: 'text' })
  status!: DeliveryStatus;

  @Column({ name: 'status_reason', type: 'text', nullable: true })
  statusReason!: string | null;

  @Column({ name: 'failing_since', type: 'timestamptz', nullable: true })
  failingSince!: Date | null;

  /** Since when what it is sent is much older than it is sent; null: it is not. */
  @Column({ name: 'lagging_since', type: 'timestamptz', nullable: true })
  laggingSince!: Date | null;

  @Column({ type: 'integer' })
  version!: number;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
