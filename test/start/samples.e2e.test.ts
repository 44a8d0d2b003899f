import { rmSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { eventually, newDataFolder } from '@tributary/kit';
import { startSystem } from '../e2e/harness.js';

const question = `{
  flows(first: 10) { nodes { name status discovery { rowsRejected dependenciesFound } } }
  assets(first: 1) { totalCount }
  alertRules(first: 10) { totalCount }
  alerts(first: 10) { totalCount nodes { status } }
  kpis(range: { last: MONTH }, filter: { kind: MODEL }) { requests { value } activeAgents { value } costUsd { value } unpricedRequests }
  today: kpis(range: { last: HOUR }) { requests { value } }
}`;

test('whoever opens it for the first time finds a company after a month of work; a second start adds nothing', async () => {
  const data = newDataFolder('samples');
  try {
    const settings = { TRIBUTARY_DATA: data, DEMO_DATA: 'true' };
    const ask = async (isComplete: (answer: any) => void) => {
      await using system = await startSystem('embedded', settings);
      const owner = await system.signIn();
      // A start waits half a minute at most: where other tests run beside it, the samples may take longer.
      return eventually(
        async () => {
          const answer = await owner.ask(question);
          isComplete(answer);
          return answer;
        },
        { timeoutMs: 150_000, intervalMs: 200 },
      );
    };
    const states = ({ alerts }: any) => alerts.nodes.map(({ status }: { status: string }) => status).toSorted();
    const answered = ['ACKNOWLEDGED', 'ACKNOWLEDGED', 'FIRING', 'FIRING', 'FIRING', 'RESOLVED'];
    const first = await ask((answer) => {
      expect(answer.flows.nodes[0].status).toBe('SUCCEEDED');
      expect(states(answer)).toEqual(answered);
    });
    expect(first).toMatchObject({
      flows: {
        nodes: [
          { status: 'SUCCEEDED', discovery: { rowsRejected: 0 } },
          { status: 'SUCCEEDED', discovery: { rowsRejected: 1 } },
          { status: 'AWAITING_APPROVAL' },
          { status: 'FAILED' },
        ],
      },
      assets: { totalCount: 500 },
      alertRules: { totalCount: 3 },
      alerts: { totalCount: 6 },
    });
    const edges = first.flows.nodes.reduce(
      (sum: number, { discovery }: { discovery: { dependenciesFound: number } }) => sum + discovery.dependenciesFound,
      0,
    );
    expect(edges).toBeGreaterThan(500);
    // Some began earlier than `last: MONTH` reaches back by now; those of the discoveries themselves called no model.
    expect(first.kpis.requests.value).toBeGreaterThan(9_900);
    expect(first.kpis.requests.value).toBeLessThanOrEqual(10_000);
    expect(first.kpis.activeAgents.value).toBe(5);
    expect(first.kpis.costUsd.value).toBeGreaterThan(50);
    expect(first.kpis.unpricedRequests).toBeGreaterThan(0);
    expect(first.today.requests.value).toBeGreaterThan(0);

    const second = await ask(({ flows }) => expect(flows.nodes).not.toHaveLength(0));
    expect(second.alerts.totalCount).toBe(6);
    expect(second.assets.totalCount).toBe(500);
    expect(second.flows.nodes).toHaveLength(4);
  } finally {
    rmSync(data, { recursive: true });
  }
}, 400_000);
