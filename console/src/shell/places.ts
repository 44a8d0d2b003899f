import type { Route } from '../host/routes';
import type { IconName } from '../ui/iconShapes';
import type { Words } from '../words/en';

export interface Place {
  readonly route: Route;
  readonly icon: IconName;
  readonly word: keyof Words;
  /** The action that one must hold to see it; null: everybody does. */
  readonly needs: string | null;
}

export const placeGroups: readonly { readonly word: keyof Words; readonly places: readonly Place[] }[] = [
  {
    word: 'watch',
    places: [
      { route: 'home', icon: 'house', word: 'home', needs: null },
      { route: 'flows', icon: 'workflow', word: 'flows', needs: 'flow.read' },
      { route: 'alerts', icon: 'bell', word: 'alerts', needs: 'alert.read' },
    ],
  },
  {
    word: 'inventory',
    places: [
      { route: 'assets', icon: 'boxes', word: 'assets', needs: 'asset.read' },
      { route: 'map', icon: 'network', word: 'map', needs: 'asset.read' },
    ],
  },
  {
    word: 'figures',
    places: [
      { route: 'explore', icon: 'chartLine', word: 'explore', needs: 'metrics.read' },
      { route: 'rules', icon: 'slidersHorizontal', word: 'rules', needs: 'alertRule.read' },
    ],
  },
  {
    word: 'workspace',
    places: [
      { route: 'partners', icon: 'keyRound', word: 'partners', needs: 'apiKey.read' },
      { route: 'audit', icon: 'scrollText', word: 'audit', needs: 'audit.read' },
      { route: 'members', icon: 'users', word: 'members', needs: 'member.read' },
      { route: 'settings', icon: 'settings', word: 'settings', needs: null },
    ],
  },
];
