import { encodeId } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import { flowEventPayload } from '@tributary/contracts/payloads';
import type { FlowEventPayload } from '@tributary/contracts/events';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { readForward } from '@tributary/events';
import type { LoggedEvent } from '@tributary/events';
import type { Logger } from '@tributary/observability';
import { AlertRow } from '../storage/AlertRow.js';
import { lockOpenAlerts } from '../storage/alertWrites.js';
import { beginPosition, lockPosition, movePosition } from '../storage/streamPosition.js';
import type { AlertTransitions, Firing, Occasion } from './AlertTransitions.js';

const consumer = 'alert.flows';
const stream = 'flows';
/** Workspaces that are looked at in one round, and events that are taken in one transaction. */
const workspacesOfRound = 100;
const eventsOfTurn = 200;

type Step = { readonly event: LoggedEvent; readonly payload: FlowEventPayload };

/**
 * Turns failed flows into alerts: reads stream `flows` of every workspace and keeps its place in the transaction that makes the
 * alerts, so that each event has its effect exactly once, also over a crash and with several consumers.
 *
 * A flow that failed raises an alert, CRITICAL, or WARNING when it can be retried. When the same flow fails again before that, the
 * alert is repeated; when it succeeds or is cancelled, the alert is resolved.
 */
export class FlowFailureConsumer {
  constructor(
    private readonly database: Database,
    private readonly transitions: AlertTransitions,
    private readonly logger: Logger,
  ) {}

  /** Reads what is new in all workspaces. */
  async catchUp(): Promise<void> {
    const behind = await this.database.lookup('streams_behind', [consumer, stream, workspacesOfRound]);
    for (const row of behind) {
      const workspaceId = row['workspace_id'] as string;
      try {
        while (await this.takeTurn(workspaceId)) {
          // More of this workspace's log may be waiting.
        }
      } catch (err) {
        this.logger.warn({ err, workspaceId }, 'reading the life of flows failed and will be tried again');
      }
    }
  }

  /** Handles the next events of a workspace; answers whether there may be more. */
  private takeTurn(workspaceId: string): Promise<boolean> {
    return this.database.withWorkspace({ workspaceId }, async (transaction) => {
      await transaction.query(beginPosition(consumer, stream));
      const position = await transaction.queryOne(lockPosition(consumer, stream));
      if (position === null) return false;
      const events = await transaction.query(readForward(stream, position, eventsOfTurn));
      const last = events.at(-1);
      if (!last) return false;
      await this.handle(transaction, events);
      await transaction.query(movePosition(consumer, stream, last.sequence));
      return events.length === eventsOfTurn;
    });
  }

  private async handle(transaction: WorkspaceTransaction, events: readonly LoggedEvent[]): Promise<void> {
    const steps = events.flatMap((event) => this.read(transaction.workspaceId, event) ?? []);
    if (steps.length === 0) return;
    const table = this.database.table(AlertRow);
    const fingerprints = [...new Set(steps.map((step) => fingerprintOf(step.payload)))];
    const open = new Map<string, AlertRow>();
    for (const alert of await transaction.query(lockOpenAlerts(table, fingerprints))) {
      open.set(alert.fingerprint, alert);
    }
    const requestId = newUuid();
    for (const { event, payload } of steps) {
      const occasion: Occasion = { actor: { kind: 'system', part: consumer }, requestId, at: event.at };
      const fingerprint = fingerprintOf(payload);
      const known = open.get(fingerprint);
      if (event.type === 'flow.failed') {
        const firing = firingOf(payload, fingerprint);
        const [alert] = known
          ? await this.transitions.repeat(transaction, occasion, [{ open: known, firing }])
          : await this.transitions.fire(transaction, occasion, [firing]);
        if (alert) open.set(fingerprint, alert);
      } else if (known) {
        const reason = event.type === 'flow.cancelled' ? 'FLOW_CANCELLED' : 'FLOW_SUCCEEDED';
        await this.transitions.resolve(transaction, occasion, [known], reason);
        open.delete(fingerprint);
      }
    }
  }

  /** What an event asks of us; null for nothing. */
  private read(workspaceId: string, event: LoggedEvent): Step | null {
    if (!['flow.failed', 'flow.finished', 'flow.cancelled'].includes(event.type)) return null;
    const parsed = flowEventPayload.safeParse(event.payload);
    if (parsed.success) return { event, payload: parsed.data };
    // It will not get better by waiting, and everything behind it would wait with it.
    this.logger.error(
      { workspaceId, sequence: event.sequence, type: event.type },
      'an event of a flow’s life cannot be read',
    );
    return null;
  }
}

function fingerprintOf(payload: FlowEventPayload): string {
  return `flow:${payload.flowId}`;
}

function firingOf(payload: FlowEventPayload, fingerprint: string): Firing {
  const { failure, flowId, kind, name } = payload;
  const retryable = failure?.retryable ?? false;
  const phase = failure?.phase ?? payload.phase;
  const reason = failure?.message ?? payload.message ?? 'It gave no reason.';
  return {
    fingerprint,
    severity: retryable ? 'WARNING' : 'CRITICAL',
    title: `Flow “${name}” failed`,
    description: `${phase ? `In phase ${phase}: ` : ''}${reason}${retryable ? ' It can be retried.' : ''}`,
    labels: { flowId: encodeId('flow', flowId), kind, name, phase, code: failure?.code ?? null, retryable },
    value: null,
    ruleId: null,
    flowId,
    assetId: null,
  };
}
