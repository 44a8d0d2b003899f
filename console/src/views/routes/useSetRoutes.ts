'use client';
import { SetAlertRoutes } from '../../graph/generated/operations';
import type { AlertRouteInput } from '../../graph/generated/types';
import { useAction } from '../../graph/useGraph';
import { tellRefused } from '../../ui/tell';
import { say } from '../../words/say';
import type { Routes } from './routeForm';

/** Sends the whole list, decided on the version that is shown. */
export function useSetRoutes(routes: Routes, done: string, onDone?: () => void) {
  const set = useAction(SetAlertRoutes, {
    refreshes: ['AlertRoutes', 'RoutePreview'],
    done,
    ...(onDone ? { onDone } : {}),
    onRefused: ({ code }) => {
      if (code !== 'RESOURCE_CONFLICT') return false;
      tellRefused(say('Somebody changed the routes meanwhile. Look at them again, then save.'));
      return true;
    },
  });
  return {
    busy: set.isPending,
    send: (list: readonly AlertRouteInput[]) => set.mutate({ input: { version: routes.version, routes: [...list] } }),
  };
}
