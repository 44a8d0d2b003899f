import { identityOf, toldOf, uuidIn, type ReaderHistory } from '../history/History.ts';
import type { Session } from './Session.ts';

export type StreamField = 'flowProgress' | 'flowUpdates' | 'alertUpdates' | 'activityUpdated';

/** What one reader reads, and where it writes down what it got. */
export interface Reading {
  readonly session: Session;
  readonly history: ReaderHistory;
  readonly field: StreamField;
  /** Of flowProgress: the flow's public id. */
  readonly flowId: string | null;
  readonly signal: AbortSignal;
  /** Handed over with each event, once it is written down. */
  readonly onEvent?: (type: string, occurredAt: string) => Promise<void> | void;
  /** More fields of a flow event, such as one that another subgraph joins. */
  readonly selection?: string;
}

/** An event as GraphQL gives it. */
export interface GivenEvent {
  readonly sequence: number;
  readonly cursor: string;
  readonly previousCursor: string | null;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly occurredAt: string;
  /** Of activity: what it is about. */
  readonly kind?: 'FLOWS' | 'ALERTS' | null;
  readonly flow?: { readonly id: string } | null;
  readonly alert?: { readonly id: string } | null;
}

/** The operation, with a variable `after`. */
export function operationOf({ field, flowId, selection = '' }: Reading): string {
  if (field === 'activityUpdated')
    return `subscription ($after: Cursor) { activityUpdated(after: $after, kinds: [FLOWS, ALERTS]) {
      sequence cursor previousCursor type kind data occurredAt flow { id } alert { id } } }`;
  const subject = field === 'alertUpdates' ? 'alert { id }' : `flow { id } ${selection}`;
  const given = flowId === null ? 'after: $after' : `flowId: "${flowId}", after: $after`;
  return `subscription ($after: Cursor) { ${field}(${given}) { sequence cursor previousCursor type data occurredAt ${subject} } }`;
}

/** The cursor that the reader goes on behind; null at its beginning. */
export function positionOf({ history }: Reading): string | null {
  return history.deliveries.at(-1)?.cursor ?? null;
}

/** Writes an event down as it came. */
export async function take({ history, onEvent }: Reading, event: GivenEvent): Promise<void> {
  const { sequence, cursor, previousCursor, type } = event;
  const subject = event.kind === 'ALERTS' ? event.alert : (event.flow ?? event.alert);
  if (event.kind) {
    const told = toldOf(event.kind.toLowerCase(), type, subject ? uuidIn(subject.id) : '', event.data['phase']);
    history.deliveries.push({ sequence, cursor, previousCursor, type, identity: told });
    await onEvent?.(type, event.occurredAt);
    return;
  }
  const identity = type.startsWith('stream.')
    ? ''
    : identityOf(type, subject ? uuidIn(subject.id) : '', event.data['write']);
  history.deliveries.push({ sequence, cursor, previousCursor, type, identity });
  await onEvent?.(type, event.occurredAt);
}
