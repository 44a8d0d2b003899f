import { alertSubgraph } from '@tributary/subgraph-alert';
import type { AlertOptions } from '@tributary/subgraph-alert';
import { assetSubgraph } from '@tributary/subgraph-asset';
import { deliverySubgraph } from '@tributary/subgraph-delivery';
import type { DeliveryOptions } from '@tributary/subgraph-delivery';
import { flowSubgraph } from '@tributary/subgraph-flow';
import type { FlowOptions } from '@tributary/subgraph-flow';
import { metricsSubgraph } from '@tributary/subgraph-metrics';
import type { MetricsOptions } from '@tributary/subgraph-metrics';
import { workspaceSubgraph } from '@tributary/subgraph-workspace';
import type { WorkspaceOptions } from '@tributary/subgraph-workspace';
import type { SubgraphDefinition } from '@tributary/server';

export type SubgraphOptions = WorkspaceOptions &
  Pick<FlowOptions, 'uploads'> &
  Pick<DeliveryOptions, 'outgoing'> & {
    /** Only a process that answers needs it. */
    readonly metrics?: MetricsOptions;
    /** Only a process that works needs it. */
    readonly alerts?: AlertOptions;
  };

/** The product's subgraphs, for a process that serves or works for all of them. */
export function allSubgraphs({
  uploads,
  metrics,
  outgoing,
  alerts,
  ...workspace
}: SubgraphOptions): readonly SubgraphDefinition[] {
  return [
    workspaceSubgraph(workspace),
    flowSubgraph({ uploads }),
    assetSubgraph,
    metricsSubgraph(metrics),
    alertSubgraph(alerts),
    deliverySubgraph(outgoing ? { outgoing } : {}),
  ];
}
