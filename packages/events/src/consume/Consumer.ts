import type { WorkspaceTransaction } from '@tributary/data';
import type { LoggedEvent } from '../eventLog.js';
import type { StreamId } from '@tributary/contracts/events';

/**
 * Somebody who reads a stream of every workspace from its first event on, and acts on it: each event once, in order, over crashes and
 * with any number of processes, because its place moves in the transaction that holds its effects.
 */
export interface Consumer {
  /** Under this name its places are stored: it can never change. */
  readonly name: string;
  readonly stream: StreamId;
  /** It is handed events of these types; others are passed over. */
  readonly types: readonly string[];
  /** How much work an event is; more than `maxWeight` is never taken in one transaction, but for a single event that is. Default: none. */
  readonly weigh?: (event: LoggedEvent) => number;
  readonly maxWeight?: number;
  /** How long hints are gathered before they are acted on, and between two looks without any. Default: see ConsumerRunner. */
  readonly everyMs?: number;
  /**
   * Acts on events of one workspace, oldest first, in `transaction` alone. What it throws rolls back, and the same events come again: an
   * event that can never be handled has to be let pass, or everything behind it waits with it.
   */
  readonly handle: (transaction: WorkspaceTransaction, events: readonly LoggedEvent[]) => Promise<void>;
}
