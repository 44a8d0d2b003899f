import type { TraceStatus } from '@tributary/contracts/values';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One run of an agent, as stored. */
@Entity('trace')
export class TraceRow {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'external_id' })
  externalId!: string;

  /** As sent: a public id of a flow that may not be known here. */
  @Column('text', { name: 'flow_id', nullable: true })
  flowId!: string | null;

  @Column('timestamptz', { name: 'started_at' })
  startedAt!: Date;

  @Column('double precision', { name: 'duration_ms' })
  durationMs!: number;

  @Column('text')
  status!: TraceStatus;

  @Column('text')
  agent!: string;

  @Column('text')
  operation!: string;

  @Column('text', { nullable: true })
  model!: string | null;

  @Column('text', { nullable: true })
  department!: string | null;

  @Column('text', { nullable: true })
  environment!: string | null;

  @Column('text', { nullable: true })
  version!: string | null;

  @Column('integer', { name: 'input_tokens' })
  inputTokens!: number;

  @Column('integer', { name: 'output_tokens' })
  outputTokens!: number;

  @Column('numeric', { name: 'cost_usd' })
  costUsd!: number;

  @Column('jsonb')
  attributes!: Record<string, unknown>;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
