import type { FlowPhaseStatus } from '@tributary/contracts/values';
import { Parameters, sql } from '@tributary/data';
import type { WorkspaceTransaction } from '@tributary/data';
import { FlowPhaseRow } from './FlowPhaseRow.js';

export interface NewPhase {
  readonly name: string;
  readonly title: string;
  readonly weight: number;
}

/** What may change of a phase. Absent fields stay. */
export interface PhasePatch {
  readonly status?: FlowPhaseStatus;
  readonly progress?: number;
  readonly attempts?: number;
  readonly startedAt?: Date | null;
  readonly finishedAt?: Date | null;
  readonly summary?: Readonly<Record<string, unknown>>;
  readonly checkpoint?: Readonly<Record<string, unknown>> | null;
}

const columns: Record<keyof PhasePatch, { name: string; json: boolean }> = {
  status: { name: 'status', json: false },
  progress: { name: 'progress', json: false },
  attempts: { name: 'attempts', json: false },
  startedAt: { name: 'started_at', json: false },
  finishedAt: { name: 'finished_at', json: false },
  summary: { name: 'summary', json: true },
  checkpoint: { name: 'checkpoint', json: true },
};

export async function insertPhases(
  transaction: WorkspaceTransaction,
  flowId: string,
  phases: readonly NewPhase[],
): Promise<void> {
  await transaction.repository(FlowPhaseRow).insert(
    'flow.insertPhases',
    phases.map((phase, ordinal) => ({ flowId, ordinal, ...phase })),
  );
}

/** The phases of a flow, in order. The flow's row must be locked when they are read to be changed. */
export function readPhases(transaction: WorkspaceTransaction, flowId: string): Promise<FlowPhaseRow[]> {
  return transaction
    .repository(FlowPhaseRow)
    .find('flow.readPhases', (query) => query.andWhere('row.flowId = :flowId', { flowId }).orderBy('row.ordinal'));
}

export async function updatePhase(
  transaction: WorkspaceTransaction,
  flowId: string,
  name: string,
  patch: PhasePatch,
): Promise<void> {
  const parameters = new Parameters();
  const flow = parameters.add(flowId);
  const phase = parameters.add(name);
  const assignments = Object.entries(patch)
    .filter(([, value]) => value !== undefined)
    .map(([property, value]) => {
      const column = columns[property as keyof PhasePatch];
      const driven: unknown = column.json && value !== null ? JSON.stringify(value) : value;
      return `${column.name} = ${parameters.add(driven)}`;
    });
  await transaction.query(
    sql(
      'flow.updatePhase',
      `update flow_phase set ${[...assignments, 'updated_at = now()'].join(', ')} where workspace_id = $1 and flow_id = ${flow} and name = ${phase}`,
      parameters.values,
    ),
  );
}
