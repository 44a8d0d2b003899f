import { decodeId } from '@tributary/contracts/ids';
import { systemPrincipal } from '@tributary/contracts/principal';
import type { EntityTag } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { entities } from '@tributary/contracts/entities';
import type { EntityDefinition } from '@tributary/contracts/entities';
import { existingCommand } from '@tributary/contracts/commands';
import type { CommandClient } from '@tributary/commands';

const byTag: ReadonlyMap<string, EntityDefinition> = new Map(
  Object.values(entities).map((entity) => [entity.tag, entity]),
);

/** Whose the entity with ids of this tag is, when it is another subgraph's: null for our own, and for what `node(id)` cannot name. */
export function foreignEntity(tag: EntityTag): EntityDefinition | null {
  const entity = byTag.get(tag);
  return entity && entity.subgraph !== 'workspace' ? entity : null;
}

/** Which of these public ids (all of one subgraph) exist in the caller's workspace. */
export async function existingIds(
  commands: CommandClient,
  context: RequestContext,
  ids: readonly string[],
): Promise<Set<string>> {
  const owner = foreignEntity(decodeId(ids[0]!).tag);
  if (!owner) return new Set();
  const asSystem: RequestContext = {
    ...context,
    principal: systemPrincipal(context.principal.workspaceId, 'workspace'),
  };
  return new Set(await commands.call(existingCommand[owner.subgraph], { ids: [...ids] }, asSystem));
}
