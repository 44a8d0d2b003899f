import { z } from 'zod';
import { defineCommand } from './Command.js';
import type { SubgraphName } from '../subgraphs.js';

const ids = z.object({ ids: z.array(z.string()).max(1_000) });

/**
 * Which of these public ids exist in the caller's workspace: how `node(id)` and joins on ids that came from
 * outside find out. Answers the ids that exist.
 */
export const existingCommand = {
  workspace: existingIn('workspace'),
  flow: existingIn('flow'),
  asset: existingIn('asset'),
  metrics: existingIn('metrics'),
  alert: existingIn('alert'),
} as const satisfies Record<SubgraphName, unknown>;

function existingIn(subgraph: SubgraphName) {
  return defineCommand<string[]>()({ subgraph, name: 'existing', action: 'entity.exists', input: ids });
}
