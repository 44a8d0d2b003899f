import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { eventually, newDataFolder } from '@tributary/kit';
import { demoTraces } from '../../../embedded/src/demo/demoTraces.js';
import { startSystem } from '../harness.js';

const document = join(import.meta.dirname, 'dashboard.graphql');
const goldenFile = join(import.meta.dirname, 'dashboard.golden.json');
const now = new Date('2026-03-04T10:17:00Z');
const variables = {
  range: { from: '2026-02-25T00:00:00Z', to: '2026-03-04T00:00:00Z' },
  bucket: 'DAY',
  filter: { environment: ['production'] },
};

interface Manifest {
  readonly operations: readonly { readonly id: string; readonly cost: number }[];
}

test('the dashboard’s stored operation answers over the samples what it always did, at the cost that its manifest says', async () => {
  const folder = newDataFolder('dashboard');
  try {
    const manifest = join(folder, 'manifest.json');
    await promisify(execFile)(process.execPath, ['scripts/operate.mjs', 'operations', '--out', manifest, document]);
    const { id, cost } = (JSON.parse(readFileSync(manifest, 'utf8')) as Manifest).operations[0]!;
    await using system = await startSystem('embedded', { STORED_OPERATIONS: manifest });
    const owner = await system.signIn();
    const traces = demoTraces(now, 10_000);
    for (let from = 0; from < traces.length; from += 400)
      await owner.ask('mutation ($input: IngestTracesInput!) { ingestTraces(input: $input) { accepted } }', {
        input: { traces: traces.slice(from, from + 400) },
      });
    const { createFlow } = await owner.ask(
      'mutation { createFlow(input: { kind: "crew", name: "Quarterly review", phases: ["plan"] }) { flow { id } } }',
    );
    await owner.ask(
      'mutation ($input: ReportFlowProgressInput!) { reportFlowProgress(input: $input) { flow { status } } }',
      {
        input: {
          flowId: createFlow.flow.id,
          phase: 'plan',
          status: 'FAILED',
          progress: 0.5,
          message: 'Its source is gone.',
        },
      },
    );

    const ask = async () => {
      const body = { documentId: id, variables };
      const answer = await system.post<any>(body, owner.headers);
      if (answer.errors) throw new Error(JSON.stringify(answer.errors));
      return answer.data;
    };
    const data = await eventually(
      async () => {
        const answer = await ask();
        expect(answer.activity.nodes[0]).toMatchObject({ type: 'alert.fired' });
        return answer;
      },
      { timeoutMs: 15_000 },
    );
    const answer = { cost, data };
    if (process.env['WRITE_GOLDEN'] === 'true') writeFileSync(goldenFile, `${JSON.stringify(answer, null, 1)}\n`);
    expect(exact(answer)).toEqual(exact(JSON.parse(readFileSync(goldenFile, 'utf8'))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);

/** Without what depends on how far the days are rolled up: quantiles are then within 1 %, and have tests of their own. */
function exact(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer, (key, value: unknown) => {
      if (key === 'latencyMs' || key === 'latency') return undefined;
      return typeof value === 'number' ? Number(value.toPrecision(12)) : value;
    }),
  );
}
