import type { FlowStatus } from '@tributary/contracts/values';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** ENGINE: our workers run its phases. RUNNER: somebody outside reports them. */
export type FlowDriver = 'ENGINE' | 'RUNNER';

/** Table `flow`, the source of truth of a flow. */
@Entity('flow')
export class FlowRow {
  @PrimaryColumn({ name: 'workspace_id', type: 'uuid' })
  workspaceId!: string;

  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'kind', type: 'text' })
  kind!: string;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  /** The name in small letters. PostgreSQL makes it. */
  @Column({ name: 'name_key', type: 'text' })
  nameKey!: string;

  @Column({ name: 'driver', type: 'text' })
  driver!: FlowDriver;

  @Column({ name: 'status', type: 'text' })
  status!: FlowStatus;

  @Column({ name: 'progress', type: 'double precision' })
  progress!: number;

  @Column({ name: 'current_phase', type: 'text', nullable: true })
  currentPhase!: string | null;

  @Column({ name: 'failure_code', type: 'text', nullable: true })
  failureCode!: string | null;

  @Column({ name: 'failure_message', type: 'text', nullable: true })
  failureMessage!: string | null;

  @Column({ name: 'failure_phase', type: 'text', nullable: true })
  failurePhase!: string | null;

  @Column({ name: 'failure_retryable', type: 'boolean', nullable: true })
  failureRetryable!: boolean | null;

  @Column({ name: 'created_by_kind', type: 'text' })
  createdByKind!: 'user' | 'apiKey' | 'system';

  @Column({ name: 'created_by_id', type: 'text' })
  createdById!: string;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;

  @Column({ name: 'version', type: 'integer' })
  version!: number;

  @Column({ name: 'run', type: 'integer' })
  run!: number;

  @Column({ name: 'fence', type: 'bigint' })
  fence!: number;

  @Column({ name: 'report_due_at', type: 'timestamptz', nullable: true })
  reportDueAt!: Date | null;

  @Column({ name: 'report_audited_at', type: 'timestamptz', nullable: true })
  reportAuditedAt!: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}

/** What readers are shown of a flow. */
export const shownOfFlow = [
  'id',
  'kind',
  'name',
  'nameKey',
  'status',
  'progress',
  'currentPhase',
  'failureCode',
  'failureMessage',
  'failurePhase',
  'failureRetryable',
  'createdByKind',
  'createdById',
  'startedAt',
  'finishedAt',
  'version',
  'createdAt',
  'updatedAt',
] as const satisfies readonly (keyof FlowRow)[];
export type ShownFlow = Pick<FlowRow, (typeof shownOfFlow)[number]>;
