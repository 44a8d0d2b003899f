import { z } from 'zod';
import { defineCommand } from './Command.js';
import type { Command } from './Command.js';
import { subgraphNames } from '../subgraphs.js';
import type { SubgraphName } from '../subgraphs.js';

const ids = z.object({ ids: z.array(z.string()).max(1_000) });

/**
 * Which of these public ids exist in the caller's workspace: how `node(id)` and joins on ids that came from
 * outside find out. Answers the ids that exist.
 */
export const existingCommand = Object.fromEntries(
  subgraphNames.map((subgraph) => [
    subgraph,
    defineCommand<string[]>()({ subgraph, name: 'existing', action: 'entity.exists', input: ids }),
  ]),
) as Readonly<Record<SubgraphName, Command<z.infer<typeof ids>, string[]>>>;
