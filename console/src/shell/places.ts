import type { Route } from '../host/routes';
import type { IconName } from '../ui/iconShapes';
import type { PlainText } from '../words/say';

export interface Place {
  readonly route: Route;
  readonly icon: IconName;
  readonly word: PlainText;
  /** The action that one must hold to see it; null: everybody does. */
  readonly needs: string | null;
}

export const placeGroups: readonly { readonly word: PlainText; readonly places: readonly Place[] }[] = [
  {
    word: 'Watch',
    places: [
      { route: 'home', icon: 'house', word: 'Home', needs: null },
      { route: 'flows', icon: 'workflow', word: 'Flows', needs: 'flow.read' },
      { route: 'alerts', icon: 'bell', word: 'Alerts', needs: 'alert.read' },
      { route: 'silences', icon: 'bellOff', word: 'Silences', needs: 'alert.read' },
    ],
  },
  {
    word: 'Inventory',
    places: [
      { route: 'assets', icon: 'boxes', word: 'Assets', needs: 'asset.read' },
      { route: 'map', icon: 'network', word: 'Map', needs: 'asset.read' },
    ],
  },
  {
    word: 'Figures',
    places: [
      { route: 'explore', icon: 'chartLine', word: 'Explore', needs: 'metrics.read' },
      { route: 'rules', icon: 'slidersHorizontal', word: 'Rules', needs: 'alertRule.read' },
    ],
  },
  {
    word: 'Telling',
    places: [
      { route: 'routes', icon: 'split', word: 'Routes', needs: 'alert.read' },
      { route: 'channels', icon: 'send', word: 'Channels', needs: 'channel.read' },
      { route: 'webhooks', icon: 'webhook', word: 'Webhooks', needs: 'webhook.read' },
    ],
  },
  {
    word: 'Workspace',
    places: [
      { route: 'partners', icon: 'keyRound', word: 'Partners', needs: 'apiKey.read' },
      { route: 'audit', icon: 'scrollText', word: 'Audit', needs: 'audit.read' },
      { route: 'members', icon: 'users', word: 'Members', needs: 'member.read' },
      { route: 'settings', icon: 'settings', word: 'Settings', needs: null },
    ],
  },
];
