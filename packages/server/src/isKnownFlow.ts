import { decodeId } from '@tributary/contracts/ids';
import { systemPrincipal } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';
import { batchLoader } from '@tributary/data';
import { existingCommand } from '@tributary/contracts/commands';
import type { CommandClient } from '@tributary/commands';

/** Ids in one question. */
const maxIds = 250;

/**
 * Whether a flow id that came from outside names a flow of this workspace: asked of the flow subgraph once for everything that a
 * request asks about.
 */
export async function isKnownFlow(commands: CommandClient, context: RequestContext, flowId: string): Promise<boolean> {
  if (!isFlowId(flowId)) return false;
  const loader = batchLoader<string, true>(context, 'commands.knownFlow', async (flowIds) => {
    const asking = { ...context, principal: systemPrincipal(context.principal.workspaceId, 'join') };
    const questions: Promise<string[]>[] = [];
    for (let start = 0; start < flowIds.length; start += maxIds) {
      const ids = flowIds.slice(start, start + maxIds);
      questions.push(commands.call(existingCommand.flow, { ids }, asking));
    }
    return new Map((await Promise.all(questions)).flat().map((known) => [known, true]));
  });
  return (await loader.load(flowId)) === true;
}

/** What a partner sent may be anything. */
function isFlowId(text: string): boolean {
  try {
    return decodeId(text).tag === 'flow';
  } catch {
    return false;
  }
}
