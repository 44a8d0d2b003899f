import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import { noteWork, withSpan } from '@tributary/observability';
import { updatePhase } from '../../storage/phaseStatements.js';
import { FlowRow } from '../../storage/FlowRow.js';
import { enqueue } from '@tributary/jobs';
import { phaseJob } from '../flow/phaseJob.js';
import { auditFlow } from '../flow/auditFlow.js';
import type { Initiator } from '../flow/auditFlow.js';
import { changeFlow } from '../flow/findFlow.js';
import { recordFlowEvents } from '../flow/flowEvents.js';
import type { FlowEventFacts } from '../flow/flowEvents.js';
import { flowProgress } from '../flow/flowProgress.js';
import type { AskedAgents } from './AgentPools.js';
import { endPhase } from './endPhase.js';
import type { FlowRegistry } from './FlowRegistry.js';
import { claimedPhases, ClaimLost, lockClaimed } from './PhaseClaim.js';
import type { PhaseClaim, PhaseJob } from './PhaseClaim.js';
import { readFailure } from './PhaseFailure.js';
import type { FailureFacts } from './PhaseFailure.js';
import { PhaseRun, WorkerStopping } from './PhaseRun.js';
import type { PhaseOutcome } from './phases.js';

export interface PhaseRunnerParts {
  readonly database: Database;
  readonly flows: FlowRegistry;
  readonly agents: AskedAgents;
  readonly logger: Logger;
  /** Waits before the second, third … try of a phase that a passing fault ended. Default 1, 2 and 4 s. */
  readonly retryWaitsMs?: readonly number[];
}

/** A job that comes this often has killed each worker that took it. */
const maxDeliveries = 12;

/**
 * Runs phases for the job queue. A job may come twice, late, or to two workers: claiming takes the flow's fence, each write checks it,
 * and a phase goes on from its checkpoint, so every effect happens once.
 */
export class PhaseRunner {
  constructor(private readonly parts: PhaseRunnerParts) {}

  /** Runs the job's phase to its end, or until the flow is paused, ended or taken over. Throws only when the database is away. */
  async run(job: PhaseJob, signal: AbortSignal, deliveries: number): Promise<void> {
    const taken = await this.claim(job);
    if (!taken) return;
    const { claim, parts } = taken;
    const logger = this.parts.logger.child({
      workspaceId: job.workspaceId,
      flowId: job.flowId,
      phase: job.phase,
      attempt: parts.phase.attempts,
    });
    const by = { actor: { kind: 'system' as const, part: 'flow-engine' }, requestId: `flow-${job.flowId}-${job.run}` };
    if (deliveries > maxDeliveries) {
      const message = `The worker ended ${maxDeliveries} times in this phase. Retry the flow with a smaller source, or give the worker more memory.`;
      await this.fail(claim, { code: 'WORKER_LOST', message, retryable: true, passing: false, unexpected: true }, by);
      return;
    }
    const run = new PhaseRun({
      ...this.parts,
      ...parts,
      claim,
      logger,
      signal,
      askAgent: (asking, agent, input) => this.parts.agents.ask(asking, agent, input),
    });
    const started = performance.now();
    const note = (status: string): void => {
      const { workspaceId, flowId, phase } = job;
      const line = { status, durationMs: performance.now() - started, requestId: by.requestId, workspaceId };
      noteWork(this.parts.logger, { event: 'phase', ...line }, { flowId, phase, attempt: parts.phase.attempts });
    };
    try {
      const outcome = await this.attempt(run, parts.flow.kind, signal, logger);
      await this.finish(claim, outcome, by);
      note(outcome.status ?? 'ok');
    } catch (error) {
      if (error instanceof ClaimLost) return;
      if (error instanceof WorkerStopping) return await this.handOver(claim);
      const failure = readFailure(error);
      if (failure.unexpected) logger.error({ err: error }, 'a phase failed');
      await this.fail(claim, failure, by);
      note(failure.code);
    }
  }

  private async claim(job: PhaseJob): Promise<{
    claim: PhaseClaim;
    parts: { flow: FlowRow; phase: Awaited<ReturnType<typeof claimedPhases>>['phase'] };
  } | null> {
    return this.parts.database.withWorkspace({ workspaceId: job.workspaceId }, async (transaction) => {
      const flow = await transaction.repository(FlowRow).findById('flow.lockForClaim', job.flowId, { lock: true });
      if (!flow || flow.run !== job.run || (flow.status !== 'QUEUED' && flow.status !== 'RUNNING')) return null;
      const claim = { workspaceId: job.workspaceId, flowId: job.flowId, phase: job.phase, fence: flow.fence + 1 };
      const { phase } = await claimedPhases(transaction, claim);
      const now = new Date();
      const begun = {
        status: 'RUNNING' as const,
        attempts: phase.attempts + 1,
        startedAt: phase.startedAt ?? now,
        finishedAt: null,
      };
      await updatePhase(transaction, flow.id, phase.name, begun);
      const claimed = await changeFlow(transaction, flow, {
        status: 'RUNNING',
        currentPhase: phase.name,
        startedAt: flow.startedAt ?? now,
        fence: claim.fence,
      });
      const events: FlowEventFacts[] = [];
      if (flow.startedAt === null) events.push({ type: 'flow.started' });
      if (phase.status === 'PENDING') events.push({ type: 'phase.started' });
      recordFlowEvents(transaction, claimed, events);
      return { claim, parts: { flow: claimed, phase: { ...phase, ...begun } } };
    });
  }

  private async attempt(run: PhaseRun, kind: string, signal: AbortSignal, logger: Logger): Promise<PhaseOutcome> {
    const method = this.parts.flows.find(kind)?.method(run.phase);
    if (!method) throw new Error(`No flow of kind ${kind} has a phase ${run.phase} here.`);
    const waits = this.parts.retryWaitsMs ?? [1_000, 2_000, 4_000];
    for (;;) {
      run.tries += 1;
      try {
        return await withSpan(`phase ${run.phase}`, { 'tributary.flow': run.flowId }, () => method(run));
      } catch (error) {
        const wait = waits[run.tries - 1];
        if (PhaseRun.endsClaim(error) || !readFailure(error).passing || wait === undefined) throw error;
        logger.warn(
          { err: error, waitMs: wait },
          'a phase met a fault that may pass; it is tried again from its checkpoint',
        );
        await delay(wait, undefined, { signal }).catch(() => undefined);
        run.assertGoingOn();
      }
    }
  }

  private async finish(claim: PhaseClaim, outcome: PhaseOutcome, by: Initiator): Promise<void> {
    const status = outcome.status ?? 'SUCCEEDED';
    await this.parts.database.withWorkspace({ workspaceId: claim.workspaceId }, async (transaction) => {
      const flow = await lockClaimed(transaction, claim);
      const { phases, phase } = await claimedPhases(transaction, claim);
      const now = new Date();
      const waits = status === 'AWAITING_APPROVAL';
      const ended = {
        status,
        summary: { ...phase.summary, ...outcome.summary },
        ...(waits ? {} : { progress: status === 'SUCCEEDED' ? 1 : phase.progress, finishedAt: now }),
      };
      await updatePhase(transaction, flow.id, phase.name, ended);
      const after = phases.map((known) => (known === phase ? { ...known, ...ended } : known));
      const progress = Math.max(flow.progress, flowProgress(after));
      if (waits) {
        const waiting = await changeFlow(transaction, flow, {
          status: 'AWAITING_APPROVAL',
          progress,
          fence: flow.fence + 1,
          run: flow.run + 1,
        });
        recordFlowEvents(transaction, waiting, [
          { type: 'flow.awaiting_approval', message: outcome.message ?? null, data: outcome.summary ?? {} },
        ]);
        return;
      }
      await endPhase(
        transaction,
        flow,
        after,
        { phase: phase.name, message: outcome.message ?? null, data: ended.summary },
        by,
      );
    });
  }

  private async fail(claim: PhaseClaim, failure: FailureFacts, by: Initiator): Promise<void> {
    try {
      await this.parts.database.withWorkspace({ workspaceId: claim.workspaceId }, async (transaction) => {
        const flow = await lockClaimed(transaction, claim);
        await updatePhase(transaction, flow.id, claim.phase, { status: 'FAILED', finishedAt: new Date() });
        const failed = await changeFlow(transaction, flow, {
          status: 'FAILED',
          failureCode: failure.code,
          failureMessage: failure.message,
          failurePhase: claim.phase,
          failureRetryable: failure.retryable,
          finishedAt: new Date(),
          fence: flow.fence + 1,
          run: flow.run + 1,
        });
        recordFlowEvents(transaction, failed, [
          { type: 'phase.failed', message: failure.message },
          { type: 'flow.failed', message: failure.message },
        ]);
        auditFlow(transaction, by, 'flow.fail', flow, failed);
      });
    } catch (error) {
      if (!(error instanceof ClaimLost)) throw error;
    }
  }

  /** Puts the phase back into the queue for another worker. */
  private async handOver(claim: PhaseClaim): Promise<void> {
    try {
      await this.parts.database.withWorkspace({ workspaceId: claim.workspaceId }, async (transaction) => {
        const flow = await lockClaimed(transaction, claim);
        const run = flow.run + 1;
        await changeFlow(transaction, flow, { run, fence: flow.fence + 1 });
        await enqueue(transaction, phaseJob, { flowId: flow.id, phase: claim.phase, run });
      });
    } catch (error) {
      if (!(error instanceof ClaimLost)) throw error;
    }
  }
}
