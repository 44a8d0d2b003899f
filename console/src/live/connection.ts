import type { ConnectionState } from '@tributary/client';
import { create } from 'zustand';

interface Connection {
  readonly state: ConnectionState;
  /** Since when there is none though there should be, in ms since 1970; null: there is one, or nobody wants one. */
  readonly cutSince: number | null;
}

/** How the socket stands, for the indicator. */
export const useConnection = create<Connection>(() => ({ state: { status: 'idle' }, cutSince: null }));

/** After so long without a connection a page asks again by itself. */
const patienceMs = 60_000;

/** Notes how the socket stands now. */
export function noteConnection(state: ConnectionState, now = Date.now()): void {
  const { cutSince } = useConnection.getState();
  const wanted = state.status !== 'idle' && state.status !== 'closed';
  useConnection.setState({ state, cutSince: wanted && state.status !== 'connected' ? (cutSince ?? now) : null });
}

/** Whether nothing has come for so long that what the page shows must be asked for: a proxy may let no socket through. */
export function isCut(now = Date.now()): boolean {
  const { cutSince } = useConnection.getState();
  return cutSince !== null && now - cutSince >= patienceMs;
}
