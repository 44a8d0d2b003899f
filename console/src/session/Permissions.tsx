'use client';
import { createContext, useContext } from 'react';

export interface ViewerFacts {
  readonly role: string;
  readonly permissions: ReadonlySet<string>;
  readonly displayName: string;
  readonly email: string;
  readonly userId: string | null;
}

export const ViewerContext = createContext<ViewerFacts | null>(null);

/** Who looks, and what they may do. Only below the shell. */
export function useViewer(): ViewerFacts {
  const viewer = useContext(ViewerContext);
  if (!viewer) throw new Error('There is no viewer above this.');
  return viewer;
}

/** Whether the person may do it; what is hidden is refused by the server all the same. */
export function useMay(action: string): boolean {
  return useViewer().permissions.has(action);
}
