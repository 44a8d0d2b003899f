import type { RequestContext } from '@tributary/kernel';
import { mutate } from '@tributary/data';
import type { Database, MutationInput, WorkspaceTransaction } from '@tributary/data';
import { readPhases, updatePhase } from '../../storage/phaseStatements.js';
import type { FlowRow } from '../../storage/FlowRow.js';
import { enqueue } from '@tributary/jobs';
import { phaseJob } from './phaseJob.js';
import { auditFlow, by } from './auditFlow.js';
import { changeFlow, lockFlow } from './findFlow.js';
import { recordFlowEvents } from './flowEvents.js';
import { isDone } from './flowProgress.js';
import { assertPossible } from './flowStates.js';
import type { RunnerPatience } from './RunnerPatience.js';

export interface FlowActionInput extends MutationInput {
  readonly flowId: string;
}

/**
 * What a person may do to a flow that is under way. Each action counts up the flow's fence, so that a worker that is at it learns at
 * its next write that the flow is no longer its own; nothing has to be asked of it.
 */
export class ControlFlow {
  constructor(
    private readonly database: Database,
    private readonly patience: RunnerPatience,
  ) {}

  /** Stops the flow where it stands. Its phase goes on from there when it is resumed. */
  async pause(context: RequestContext, input: FlowActionInput): Promise<FlowRow> {
    return mutate(this.database, context, { field: 'pauseFlow', input }, async (transaction) => {
      const flow = await lockFlow(transaction, input.flowId);
      assertPossible('pause', flow);
      const paused = await changeFlow(transaction, flow, {
        status: 'PAUSED',
        fence: flow.fence + 1,
        run: flow.run + 1,
        reportDueAt: null,
      });
      recordFlowEvents(transaction, paused, [{ type: 'flow.paused' }]);
      auditFlow(transaction, by(context), 'flow.pause', flow, paused);
      return paused;
    });
  }

  async resume(context: RequestContext, input: FlowActionInput): Promise<FlowRow> {
    const reportDueAt = await this.patience.dueAt(context);
    return mutate(this.database, context, { field: 'resumeFlow', input }, async (transaction) => {
      const flow = await lockFlow(transaction, input.flowId);
      assertPossible('resume', flow);
      const resumed = await this.goOn(transaction, flow, reportDueAt);
      recordFlowEvents(transaction, resumed, [{ type: 'flow.resumed' }]);
      auditFlow(transaction, by(context), 'flow.resume', flow, resumed);
      return resumed;
    });
  }

  /** Ends the flow for good. What it has found stays. */
  async cancel(context: RequestContext, input: FlowActionInput): Promise<FlowRow> {
    return mutate(this.database, context, { field: 'cancelFlow', input }, async (transaction) => {
      const flow = await lockFlow(transaction, input.flowId);
      assertPossible('cancel', flow);
      for (const phase of await readPhases(transaction, flow.id)) {
        if (isDone(phase) || phase.status === 'FAILED') continue;
        await updatePhase(transaction, flow.id, phase.name, { status: 'SKIPPED', finishedAt: new Date() });
      }
      const cancelled = await changeFlow(transaction, flow, {
        status: 'CANCELLED',
        fence: flow.fence + 1,
        run: flow.run + 1,
        reportDueAt: null,
        finishedAt: new Date(),
      });
      recordFlowEvents(transaction, cancelled, [{ type: 'flow.cancelled' }]);
      auditFlow(transaction, by(context), 'flow.cancel', flow, cancelled);
      return cancelled;
    });
  }

  /** Takes a failed flow up again at the phase that failed, from where that stood. */
  async retry(context: RequestContext, input: FlowActionInput): Promise<FlowRow> {
    const reportDueAt = await this.patience.dueAt(context);
    return mutate(this.database, context, { field: 'retryFlow', input }, async (transaction) => {
      const flow = await lockFlow(transaction, input.flowId);
      assertPossible('retry', flow);
      for (const phase of await readPhases(transaction, flow.id)) {
        if (phase.status !== 'FAILED') continue;
        // An outside runner begins a failed phase anew; ours goes on from its checkpoint.
        const again = flow.driver === 'RUNNER' ? { progress: 0, checkpoint: null } : {};
        await updatePhase(transaction, flow.id, phase.name, { status: 'PENDING', finishedAt: null, ...again });
      }
      const cleared = {
        ...flow,
        failureCode: null,
        failureMessage: null,
        failurePhase: null,
        failureRetryable: null,
        finishedAt: null,
      };
      const retried = await this.goOn(transaction, cleared, reportDueAt);
      recordFlowEvents(transaction, retried, [{ type: 'flow.retried' }]);
      auditFlow(transaction, by(context), 'flow.retry', flow, retried);
      return retried;
    });
  }

  /** Hands the flow to whoever drives it: a worker by a job, an outside runner by its status. */
  private async goOn(transaction: WorkspaceTransaction, flow: FlowRow, reportDueAt: Date): Promise<FlowRow> {
    const run = flow.run + 1;
    const { failureCode, failureMessage, failurePhase, failureRetryable, finishedAt } = flow;
    const patch = {
      failureCode,
      failureMessage,
      failurePhase,
      failureRetryable,
      finishedAt,
      fence: flow.fence + 1,
      run,
    };
    if (flow.driver === 'RUNNER') {
      return changeFlow(transaction, flow, { ...patch, status: flow.startedAt ? 'RUNNING' : 'QUEUED', reportDueAt });
    }
    const phases = await readPhases(transaction, flow.id);
    const next = phases.find((phase) => !isDone(phase));
    if (!next) throw new Error(`Flow ${flow.id} has no phase to go on with.`);
    await enqueue(transaction, phaseJob, { flowId: flow.id, phase: next.name, run });
    return changeFlow(transaction, flow, {
      ...patch,
      status: flow.startedAt ? 'RUNNING' : 'QUEUED',
      currentPhase: flow.startedAt ? next.name : null,
    });
  }
}
