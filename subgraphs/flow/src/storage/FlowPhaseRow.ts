import type { FlowPhaseStatus } from '@tributary/contracts/values';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Table `flow_phase`: the phases of a flow, in the order in which they are shown and run. */
@Entity('flow_phase')
export class FlowPhaseRow {
  @PrimaryColumn({ name: 'workspace_id', type: 'uuid' })
  workspaceId!: string;

  @PrimaryColumn({ name: 'flow_id', type: 'uuid' })
  flowId!: string;

  @PrimaryColumn({ name: 'ordinal', type: 'integer' })
  ordinal!: number;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'title', type: 'text' })
  title!: string;

  @Column({ name: 'status', type: 'text' })
  status!: FlowPhaseStatus;

  @Column({ name: 'progress', type: 'double precision' })
  progress!: number;

  @Column({ name: 'weight', type: 'double precision' })
  weight!: number;

  @Column({ name: 'attempts', type: 'integer' })
  attempts!: number;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;

  @Column({ name: 'summary', type: 'jsonb' })
  summary!: Record<string, unknown>;

  @Column({ name: 'checkpoint', type: 'jsonb', nullable: true })
  checkpoint!: Record<string, unknown> | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}

/** What readers are shown of a phase: not where its worker would go on, which may be large. */
export const shownOfPhase = [
  'flowId',
  'ordinal',
  'name',
  'title',
  'status',
  'progress',
  'attempts',
  'startedAt',
  'finishedAt',
  'summary',
] as const satisfies readonly (keyof FlowPhaseRow)[];
export type ShownPhase = Pick<FlowPhaseRow, (typeof shownOfPhase)[number]>;
