import type { Action } from './actions.js';
import type { SubgraphName } from './subgraphs.js';

export interface EntityDefinition {
  /** Stands at the head of its public ids: 2 to 8 small letters, never changed. */
  readonly tag: string;
  /** The subgraph that owns it: others refer to it, or add fields to it. */
  readonly subgraph: SubgraphName;
  /** Without it nobody sees it, whichever way it is asked for. */
  readonly action: Action;
}

/** Everything that has an id of its own and can be found again by node(id), by the name of its type in the graph. */
export const entities = {
  Workspace: { tag: 'ws', subgraph: 'workspace', action: 'workspace.read' },
  User: { tag: 'user', subgraph: 'workspace', action: 'member.read' },
  ApiKey: { tag: 'key', subgraph: 'workspace', action: 'member.read' },
  Flow: { tag: 'flow', subgraph: 'flow', action: 'flow.read' },
  SourceDefinition: { tag: 'source', subgraph: 'flow', action: 'sourceDefinition.read' },
  Asset: { tag: 'asset', subgraph: 'asset', action: 'asset.read' },
  Trace: { tag: 'trace', subgraph: 'metrics', action: 'metrics.read' },
  Alert: { tag: 'alert', subgraph: 'alert', action: 'alert.read' },
  AlertSilence: { tag: 'silence', subgraph: 'alert', action: 'alert.read' },
  AlertRule: { tag: 'rule', subgraph: 'alert', action: 'alertRule.read' },
  Webhook: { tag: 'hook', subgraph: 'delivery', action: 'webhook.read' },
  NotificationChannel: { tag: 'channel', subgraph: 'delivery', action: 'channel.read' },
} as const satisfies Readonly<Record<string, EntityDefinition>>;
export type EntityName = keyof typeof entities;
