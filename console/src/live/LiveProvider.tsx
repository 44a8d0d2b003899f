'use client';
import { createTributaryClient, TributaryError, type ConnectionState, type TributaryClient } from '@tributary/client';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { useSession, useSignedIn } from '../session/SessionProvider';
import { Refusal } from '../session/Refusal';
import { noteConnection } from './connection';
import { say } from '../words/say';

const LiveContext = createContext<TributaryClient | null>(null);

/** One socket a tab, for all that the page follows. A new workspace gets a new one. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const { workspaceId } = useSignedIn();
  const [client, setClient] = useState<TributaryClient | null>(null);
  useEffect(() => {
    const opened = createTributaryClient({
      url: `${window.location.origin}/graphql`,
      documentId: (text) => text,
      idleCloseMs: 2_000,
      authorization: async () => {
        const token = await session.token().catch((error: unknown) => {
          if (error instanceof Refusal && error.code === 'NETWORK') throw new Error('The gateway does not answer.');
          throw error;
        });
        if (!token) throw new TributaryError('INVALID_CREDENTIALS', say('Sign in again.'));
        return `Bearer ${token}`;
      },
      onState: (state: ConnectionState) => {
        noteConnection(state);
        if (state.status === 'waiting' && state.closeCode === 4441)
          session.ended(say('Your session was ended elsewhere.'));
      },
    });
    setClient(opened);
    return () => opened.close();
  }, [session, workspaceId]);
  return <LiveContext value={client}>{children}</LiveContext>;
}

/** Null until the page has its socket. */
export function useLiveClient(): TributaryClient | null {
  return useContext(LiveContext);
}
