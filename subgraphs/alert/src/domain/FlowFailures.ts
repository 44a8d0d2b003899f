import { encodeId } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import { flowEventPayload } from '@tributary/contracts/payloads';
import type { FlowEventPayload } from '@tributary/contracts/events';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { LoggedEvent } from '@tributary/events';
import type { Logger } from '@tributary/observability';
import { AlertRow } from '../storage/AlertRow.js';
import { lockOpenAlerts } from '../storage/transitionStatements.js';
import type { AlertTransitions, Firing, Trigger } from './AlertTransitions.js';

/** Who it is in the audit trail. */
const part = 'alert.flows';

type Step = { readonly event: LoggedEvent; readonly payload: FlowEventPayload };

/**
 * Turns failed flows into alerts. A flow that failed raises an alert, CRITICAL, or WARNING when it can be retried. When the same flow
 * fails again before that, the alert is repeated; when it succeeds or is cancelled, the alert is resolved.
 */
export class FlowFailures {
  constructor(
    private readonly database: Database,
    private readonly transitions: AlertTransitions,
    private readonly logger: Logger,
  ) {}

  async handle(transaction: WorkspaceTransaction, events: readonly LoggedEvent[]): Promise<void> {
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
      const trigger: Trigger = { actor: { kind: 'system', part }, requestId, at: event.at };
      const fingerprint = fingerprintOf(payload);
      const known = open.get(fingerprint);
      if (event.type === 'flow.failed') {
        const firing = firingOf(payload, fingerprint);
        const [alert] = known
          ? await this.transitions.repeat(transaction, trigger, [{ id: known.id, firing }])
          : await this.transitions.fire(transaction, trigger, [firing]);
        if (alert) open.set(fingerprint, alert);
      } else if (known) {
        const reason = event.type === 'flow.cancelled' ? 'FLOW_CANCELLED' : 'FLOW_SUCCEEDED';
        await this.transitions.resolve(transaction, trigger, [known.id], reason);
        open.delete(fingerprint);
      }
    }
  }

  /** Null for an event that cannot be read. */
  private read(workspaceId: string, event: LoggedEvent): Step | null {
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
    runbookUrl: null,
    late: false,
  };
}
