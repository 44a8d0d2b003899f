import { measureCallers, type Workload } from '@tributary/kit/measure';

const callers = 8;

/** Changes of assets, each with its version check, audit entry and answer; every caller has an asset of its own. */
export const updateAsset: Workload = {
  name: `mutation updateAsset, ${callers} callers`,
  async run({ client, ...stage }) {
    const { assets } = await client.ask(`query { assets(first: ${callers}) { nodes { id version } } }`);
    const own: { id: string; version: number }[] = assets.nodes;
    return measureCallers({ callers, ...stage }, async (caller) => {
      const { id, version } = own[caller]!;
      const data = await client.ask(
        'mutation ($input: UpdateAssetInput!) { updateAsset(input: $input) { asset { id version } } }',
        { input: { id, version, tags: ['benchmark', `version-${version}`] } },
      );
      own[caller] = data.updateAsset.asset;
    });
  },
};

/** A flow of an outside runner: made, and its one phase reported to its end. Three mutations count as one request. */
export const runnerFlow: Workload = {
  name: `mutation createFlow and reports, ${callers} callers`,
  run: ({ client, ...stage }) =>
    measureCallers({ callers, ...stage }, async () => {
      const flowId = await createRunnerFlow(client);
      await reportProgress(client, { flowId, status: 'RUNNING', progress: 0.5 });
      await reportProgress(client, { flowId, status: 'SUCCEEDED', progress: 1 });
    }),
};

interface Asking {
  ask(query: string, variables: Record<string, unknown>): Promise<any>;
}

export async function createRunnerFlow(client: Asking): Promise<string> {
  const data = await client.ask('mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }', {
    input: { kind: 'benchmark', name: 'A run from outside', phases: ['work'] },
  });
  return data.createFlow.flow.id;
}

export interface Report {
  readonly flowId: string;
  readonly status: 'RUNNING' | 'SUCCEEDED';
  readonly progress: number;
  readonly message?: string;
}

export async function reportProgress(client: Asking, report: Report): Promise<void> {
  await client.ask(
    'mutation ($input: ReportFlowProgressInput!) { reportFlowProgress(input: $input) { flow { id status } } }',
    { input: { phase: 'work', ...report } },
  );
}
