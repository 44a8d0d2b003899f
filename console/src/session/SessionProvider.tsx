'use client';
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { Session, type SessionState, type SignedIn } from './Session';

const SessionContext = createContext<Session | null>(null);

/** Makes the tab's session and asks once whether there is one in this browser. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [session] = useState(() => new Session(() => new URLSearchParams(window.location.search).get('ws')));
  useEffect(() => void session.restore(), [session]);
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('There is no SessionProvider above this.');
  return session;
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, session.snapshot, session.snapshot);
}

/** Who is signed in. Only below the Gate, where somebody is. */
export function useSignedIn(): SignedIn {
  const state = useSessionState();
  if (state.kind !== 'in') throw new Error('Nobody is signed in here.');
  return state.session;
}
