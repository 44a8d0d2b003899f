import type { ConnectionState } from '@tributary/client';
import { create } from 'zustand';

/** How the socket stands, for the indicator. */
export const useConnection = create<{ readonly state: ConnectionState }>(() => ({ state: { status: 'idle' } }));
