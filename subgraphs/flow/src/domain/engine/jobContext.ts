import { Deadline } from '@tributary/kernel';
import { systemPrincipal } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';

/** How long another subgraph may take for one command of a job. */
const commandMs = 60_000;

/** On whose behalf a job asks other subgraphs: this engine, in the workspace of the flow. */
export function jobContext(workspaceId: string, flowId: string): RequestContext {
  return {
    principal: systemPrincipal(workspaceId, 'flow-engine'),
    requestId: `flow-${flowId}`,
    deadline: Deadline.in(commandMs),
  };
}
