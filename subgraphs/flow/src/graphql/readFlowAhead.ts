import type { RequestContext } from '@tributary/kernel';
import type { Selection } from '@tributary/server';
import type { FlowQueries } from '../domain/flow/FlowQueries.js';

/**
 * Begins to read what fields below a flow will ask for, in the same turn as the flow itself, so that all of it is one trip to the database:
 * each of them would ask when the one above it has its answer. Each still asks for itself, and says what is wrong.
 */
export function readFlowAhead(queries: FlowQueries, context: RequestContext, flowId: string, flow: Selection): void {
  const reads: Promise<unknown>[] = [];
  if (flow.has('phases') || flow.has('currentPhase')) reads.push(queries.phases(context, flowId));
  if (flow.has('discovery')) {
    const discovery = flow.below('discovery');
    reads.push(queries.discovery(context, flowId));
    if (discovery.has('fieldMappings')) reads.push(queries.fieldMappings(context, flowId));
    for (const { first, after } of discovery.arguments('rejectedRows')) {
      const page = { first: first as number, after: (after ?? null) as string | null };
      reads.push(queries.rejectedRows(context, flowId, page));
    }
    if (discovery.below('rejectedRows').has('totalCount')) reads.push(queries.rejectedCount(context, flowId));
  }
  for (const read of reads) read.catch(() => undefined);
}
