import { CodedError } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { mutate } from '@tributary/data';
import type { Database, MutationInput } from '@tributary/data';
import { readPhases, updatePhase } from '../../storage/phaseStatements.js';
import type { FlowPhaseRow } from '../../storage/FlowPhaseRow.js';
import type { FlowRow } from '../../storage/FlowRow.js';
import { noteReport } from '../../storage/runnerStatements.js';
import { auditFlow, by } from '../flow/auditFlow.js';
import { checkText } from '../flow/checkText.js';
import { createFlowRow } from '../flow/createFlowRow.js';
import { changeFlow, lockFlow } from '../flow/findFlow.js';
import { recordFlowEvents } from '../flow/flowEvents.js';
import type { FlowEventFacts } from '../flow/flowEvents.js';
import { assertPossible } from '../flow/flowStates.js';
import { judgeReport } from './judgeReport.js';
import type { ReportFlowProgressInput } from './ReportFlowProgressInput.js';
import type { RunnerPatience } from '../flow/RunnerPatience.js';
import { stateAfterReport } from './stateAfterReport.js';

export interface CreateFlowInput extends MutationInput {
  readonly kind: string;
  readonly name: string;
  readonly phases: readonly string[];
}

const maxPhases = 100;
const maxMessage = 2_000;

/** Flows that a runner outside this product drives: it declares the phases and reports how they go. */
export class RunnerFlows {
  constructor(
    private readonly database: Database,
    private readonly patience: RunnerPatience,
    /** Kinds that only our own engine may use. */
    private readonly ownKinds: ReadonlySet<string>,
  ) {}

  async create(context: RequestContext, input: CreateFlowInput): Promise<FlowRow> {
    const kind = checkText(input.kind, 'kind', 64);
    const name = checkText(input.name, 'name', 200);
    if (this.ownKinds.has(kind)) {
      throw new CodedError('INVALID_INPUT', `Flows of kind ${kind} are run by this product: use its own mutation.`, {
        field: 'kind',
      });
    }
    const phases = checkPhases(input.phases);
    const reportDueAt = await this.patience.dueAt(context);
    return mutate(this.database, context, { field: 'createFlow', input }, async (transaction) => {
      const flow = await createFlowRow(transaction, context, {
        kind,
        name,
        driver: 'RUNNER',
        reportDueAt,
        phases: phases.map((phase) => ({ name: phase, title: titleOf(phase), weight: 1 })),
      });
      recordFlowEvents(transaction, flow, [{ type: 'flow.created' }]);
      auditFlow(transaction, by(context), 'flow.create', null, flow);
      return flow;
    });
  }

  /** A report that is older than what is known changes nothing and succeeds; every report shows that the runner lives. */
  async report(context: RequestContext, input: ReportFlowProgressInput): Promise<FlowRow> {
    checkReport(input);
    const reportDueAt = await this.patience.dueAt(context);
    return mutate(this.database, context, { field: 'reportFlowProgress', input }, async (transaction) => {
      const flow = await lockFlow(transaction, input.flowId);
      if (flow.driver !== 'RUNNER') {
        throw new CodedError('RESOURCE_CONFLICT', 'This flow is run by the product itself and takes no reports.', {
          reason: 'NOT_RUNNER_DRIVEN',
        });
      }
      assertPossible('report', flow);
      const phases = await readPhases(transaction, flow.id);
      const phase = phases.find((known) => known.name === input.phase);
      if (!phase) {
        throw new CodedError('INVALID_INPUT', `This flow has no phase ${input.phase}.`, {
          field: 'phase',
          phases: phases.map((known) => known.name),
        });
      }
      const verdict = judgeReport(phase, input);
      if (verdict === 'OLD') {
        if (flow.status !== 'PAUSED') await noteReport(transaction, flow.id, reportDueAt);
        return flow;
      }
      const now = new Date();
      const reported = takeReport(phase, input, now);
      await updatePhase(transaction, flow.id, phase.name, reported);
      const after = phases.map((known) => (known === phase ? { ...known, ...reported } : known));
      const audited = flow.reportAuditedAt !== null && now.getTime() - flow.reportAuditedAt.getTime() < 60_000;
      const standing = stateAfterReport(flow, after, phase.name, input, now);
      const changed = await changeFlow(transaction, flow, {
        ...standing,
        reportDueAt: standing.status === 'PAUSED' || standing.finishedAt ? null : reportDueAt,
        ...(audited && !standing.finishedAt ? {} : { reportAuditedAt: now }),
      });
      const statusBefore = flow.status === 'PAUSED' ? 'PAUSED' : 'RUNNING';
      recordFlowEvents(transaction, changed, eventsOf(flow, changed, phase, input), statusBefore);
      if (!audited || standing.finishedAt)
        auditFlow(transaction, by(context), 'flow.report', flow, changed, {
          phase: input.phase,
          phaseStatus: input.status,
        });
      return changed;
    });
  }
}

function checkPhases(names: readonly string[]): string[] {
  const phases = names.map((name) => checkText(name, 'phases', 100));
  if (phases.length === 0)
    throw new CodedError('MISSING_REQUIRED_FIELD', 'Name at least one phase.', { field: 'phases' });
  if (phases.length > maxPhases)
    throw new CodedError('INVALID_INPUT', `A flow has at most ${maxPhases} phases.`, { field: 'phases' });
  if (new Set(phases).size !== phases.length)
    throw new CodedError('INVALID_INPUT', 'Two phases have the same name.', { field: 'phases' });
  return phases;
}

function titleOf(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function checkReport(input: ReportFlowProgressInput): void {
  if (!(input.progress >= 0 && input.progress <= 1)) {
    throw new CodedError('INVALID_INPUT', '`progress` is the share of the phase that is done: 0 to 1.', {
      field: 'progress',
    });
  }
  if (input.message && input.message.length > maxMessage) {
    throw new CodedError('INVALID_INPUT', `\`message\` has more than ${maxMessage} characters.`, { field: 'message' });
  }
  if (!input.failure) return;
  if (input.status !== 'FAILED') {
    throw new CodedError('INVALID_INPUT', '`failure` goes with status FAILED only.', { field: 'failure' });
  }
  checkText(input.failure.code, 'failure.code', 100);
  checkText(input.failure.message, 'failure.message', maxMessage);
}

function takeReport(phase: FlowPhaseRow, input: ReportFlowProgressInput, now: Date) {
  const done = input.status === 'SUCCEEDED' || input.status === 'SKIPPED';
  const over = done || input.status === 'FAILED';
  const begins = phase.status === 'PENDING' && input.status !== 'PENDING' && input.status !== 'SKIPPED';
  return {
    status: input.status,
    progress: input.status === 'SUCCEEDED' ? 1 : Math.max(phase.progress, input.progress),
    attempts: phase.attempts + (begins ? 1 : 0),
    startedAt: phase.startedAt ?? (begins ? now : null),
    finishedAt: over ? now : null,
    summary: { ...phase.summary, ...input.data },
    checkpoint: { message: input.message ?? null, data: input.data ?? null },
  };
}

function eventsOf(
  before: FlowRow,
  after: FlowRow,
  phase: FlowPhaseRow,
  input: ReportFlowProgressInput,
): FlowEventFacts[] {
  const about = { phase: input.phase, message: input.message ?? null, data: input.data ?? {} };
  const events: FlowEventFacts[] = [];
  if (before.startedAt === null && after.startedAt !== null) events.push({ type: 'flow.started', phase: input.phase });
  if (phase.status === 'PENDING' && input.status !== 'PENDING' && input.status !== 'SKIPPED') {
    events.push({ type: 'phase.started', ...(input.status === 'RUNNING' ? about : { phase: input.phase }) });
  } else if (input.status === 'RUNNING' || input.status === 'PENDING') {
    events.push({ type: 'phase.progressed', ...about });
  }
  if (input.status === 'AWAITING_APPROVAL') events.push({ type: 'flow.awaiting_approval', ...about });
  if (input.status === 'SUCCEEDED' || input.status === 'SKIPPED') events.push({ type: 'phase.finished', ...about });
  if (input.status === 'FAILED')
    events.push(
      { type: 'phase.failed', ...about },
      { type: 'flow.failed', phase: input.phase, message: after.failureMessage },
    );
  if (after.status === 'SUCCEEDED') events.push({ type: 'flow.finished', phase: null });
  return events;
}
