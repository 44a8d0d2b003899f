import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import { updatePhase } from '../../storage/phaseStatements.js';
import type { FlowPhaseRow } from '../../storage/FlowPhaseRow.js';
import type { FlowRow } from '../../storage/FlowRow.js';
import { changeFlow } from '../flow/findFlow.js';
import { recordFlowEvents } from '../flow/flowEvents.js';
import { flowProgress } from '../flow/flowProgress.js';
import { claimedPhases, ClaimLost, lockClaimed } from './PhaseClaim.js';
import type { PhaseClaim } from './PhaseClaim.js';

/** The worker is shutting down: the phase is handed to another one, from its last checkpoint. */
export class WorkerStopping extends Error {
  override readonly name = 'WorkerStopping';
}

/** A write that a tool has prepared: it happens with what the phase saves, or not at all. */
export type PhaseWrite = (transaction: WorkspaceTransaction) => Promise<void>;

export interface PhaseSave {
  /** Where to go on if this worker dies now. Absent: as before. */
  readonly checkpoint?: Readonly<Record<string, unknown>>;
  /** Of the phase, 0 to 1. Never goes back. */
  readonly progress?: number;
  readonly summary?: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** What tools write in the same transaction, in this order. */
  readonly writes?: readonly PhaseWrite[];
}

export interface PhaseRunParts {
  readonly database: Database;
  readonly logger: Logger;
  readonly claim: PhaseClaim;
  readonly flow: FlowRow;
  readonly phase: FlowPhaseRow;
  /** Aborts when the worker shuts down. */
  readonly signal: AbortSignal;
  readonly askAgent: (run: PhaseRun, agent: string, input: unknown) => Promise<unknown>;
}

/** Least time between two progress events of a phase, so that watchers of a long flow get a stream and not a flood. */
const eventEveryMs = 500;

/** A phase under way, as its method and its agents see it. */
export class PhaseRun {
  /** How often the phase was begun within this attempt: 1, and one more for each passing fault. */
  tries = 0;
  private lastEventAt = 0;
  private savedProgress: number;
  private savedCheckpoint: Readonly<Record<string, unknown>> | null;

  constructor(private readonly parts: PhaseRunParts) {
    this.savedProgress = parts.phase.progress;
    this.savedCheckpoint = parts.phase.checkpoint;
  }

  get workspaceId(): string {
    return this.parts.claim.workspaceId;
  }

  /** Bare uuid. */
  get flowId(): string {
    return this.parts.claim.flowId;
  }

  get phase(): string {
    return this.parts.claim.phase;
  }

  /** How often this phase of the flow has been taken up, this time included. */
  get attempt(): number {
    return this.parts.phase.attempts;
  }

  /** What was saved last, by this worker or one before it; null at the first start. */
  get checkpoint(): Readonly<Record<string, unknown>> | null {
    return this.savedCheckpoint;
  }

  get logger(): Logger {
    return this.parts.logger;
  }

  /** Has an agent of the workspace's pool do its work; what it did is recorded as a trace. */
  async ask<Output>(agent: string, input: unknown = null): Promise<Output> {
    return (await this.parts.askAgent(this, agent, input)) as Output;
  }

  /** Throws WorkerStopping during shutdown. Call it between pieces of work that write nothing. */
  assertGoingOn(): void {
    if (this.parts.signal.aborted) throw new WorkerStopping('The worker is shutting down.');
  }

  /**
   * Writes how far the phase is, with all that belongs to it, in one transaction that holds only while this worker's claim does.
   * A progress event is written at most twice a second. Throws ClaimLost when the flow was paused, ended or taken over.
   */
  async save(save: PhaseSave): Promise<void> {
    this.assertGoingOn();
    const { database, claim } = this.parts;
    const now = Date.now();
    const tells = now - this.lastEventAt >= eventEveryMs;
    const progress = Math.max(this.savedProgress, Math.min(1, save.progress ?? 0));
    await database.withWorkspace({ workspaceId: claim.workspaceId }, async (transaction) => {
      const flow = await lockClaimed(transaction, claim);
      await updatePhase(transaction, claim.flowId, claim.phase, {
        progress,
        ...(save.checkpoint ? { checkpoint: save.checkpoint } : {}),
        ...(save.summary ? { summary: save.summary } : {}),
      });
      for (const write of save.writes ?? []) await write(transaction);
      if (!tells) return;
      const { phases } = await claimedPhases(transaction, claim);
      const changed = await changeFlow(transaction, flow, { progress: Math.max(flow.progress, flowProgress(phases)) });
      const data = { phaseProgress: progress, ...save.summary };
      recordFlowEvents(transaction, changed, [
        { type: 'phase.progressed', phase: claim.phase, message: save.message ?? null, data },
      ]);
    });
    this.savedProgress = progress;
    if (save.checkpoint) this.savedCheckpoint = save.checkpoint;
    if (tells) this.lastEventAt = now;
  }

  /** Whether the claim still holds. For long stretches that save nothing. */
  async assertClaimed(): Promise<void> {
    this.assertGoingOn();
    await this.parts.database.withWorkspace({ workspaceId: this.workspaceId }, async (transaction) => {
      await lockClaimed(transaction, this.parts.claim);
    });
  }

  /** Whether an error says that the flow is no longer this worker's business. */
  static endsClaim(error: unknown): boolean {
    return error instanceof ClaimLost || error instanceof WorkerStopping;
  }
}
