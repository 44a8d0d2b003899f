import { flowPage } from '../../test/e2e/documents.ts';
import { measureCallers, type Workload } from '@tributary/kit/measure';

const pageQueryOf = (callers: number): Workload => ({
  name: `page query, ${callers} caller${callers > 1 ? 's' : ''}`,
  run: ({ client, flowId, ...stage }) =>
    measureCallers({ callers, ...stage }, () => client.ask(flowPage, { id: flowId })),
});

/** A page of a frontend over all subgraphs: a flow, its phases, its assets with dependencies and alerts, cost and latency. */
export const pageQueries: readonly Workload[] = [pageQueryOf(1), pageQueryOf(32)];
