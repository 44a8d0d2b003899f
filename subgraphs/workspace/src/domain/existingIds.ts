import { decodeId } from '@tributary/contracts/ids';
import { systemPrincipal } from '@tributary/contracts/principal';
import type { EntityTag } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import type { Action } from '@tributary/contracts/actions';
import { existingCommand } from '@tributary/contracts/commands';
import type { CommandClient } from '@tributary/commands';
import type { SubgraphName } from '@tributary/contracts/subgraphs';

/** Entities of other subgraphs that `node(id)` can name: who owns them, and what the caller needs to see them. */
export const foreignNodes = {
  flow: { subgraph: 'flow', action: 'flow.read' },
  asset: { subgraph: 'asset', action: 'asset.read' },
  trace: { subgraph: 'metrics', action: 'metrics.read' },
  alert: { subgraph: 'alert', action: 'alert.read' },
  rule: { subgraph: 'alert', action: 'alertRule.read' },
} as const satisfies Partial<Record<EntityTag, { subgraph: SubgraphName; action: Action }>>;

export type ForeignTag = keyof typeof foreignNodes;

export function isForeignTag(tag: EntityTag): tag is ForeignTag {
  return Object.hasOwn(foreignNodes, tag);
}

/** Which of these public ids (all of one subgraph) exist in the caller's workspace. */
export async function existingIds(
  commands: CommandClient,
  context: RequestContext,
  ids: readonly string[],
): Promise<Set<string>> {
  const tag = decodeId(ids[0]!).tag as ForeignTag;
  const asSystem: RequestContext = {
    ...context,
    principal: systemPrincipal(context.principal.workspaceId, 'workspace'),
  };
  return new Set(await commands.call(existingCommand[foreignNodes[tag].subgraph], { ids: [...ids] }, asSystem));
}
