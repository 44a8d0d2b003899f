import { System } from '@tributary/kit';
import { Client } from '@tributary/kit/client';
import { isTaken, type Rival } from './Rival.ts';

const range = 'range: { from: $from, to: $to }';
const unlimited = {
  REQUESTS_PER_MINUTE: '0',
  COST_PER_MINUTE: '0',
  WORKSPACE_REQUESTS_PER_MINUTE: '0',
  WORKSPACE_COST_PER_MINUTE: '0',
};

/** This product as `npm start` runs it, without budgets. */
export async function startOwnProduct(): Promise<Rival> {
  const system = await System.start({ settings: unlimited });
  const owner = new Client(system);
  const input = { name: 'beside', scopes: ['trace.ingest'] };
  const { createApiKey } = await owner.ask(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input },
  );
  const secret = createApiKey.secret as string;
  const ask = (fields: string) => (from: Date, to: Date) =>
    owner.ask(`query ($from: DateTime!, $to: DateTime!) { ${fields} }`, { from, to });
  return {
    name: 'Tributary',
    send: async (body) =>
      isTaken(
        await fetch(`${system.origin}/v1/traces`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-protobuf', 'x-api-key': secret },
          body: new Uint8Array(body),
        }),
      ),
    count: async () => {
      const day = 86_400_000;
      const answer = await ask(`kpis(${range}) { requests { value } }`)(
        new Date(Date.now() - 60 * day),
        new Date(Date.now() + day),
      );
      return answer.kpis.requests.value as number;
    },
    questions: {
      'cost and tokens': ask(`kpis(${range}) { costUsd { value } inputTokens { value } outputTokens { value } }`),
      'p95 by day': ask(`metricSeries(metric: LATENCY_P95, bucket: DAY, ${range}) { points { at value } }`),
      'models by cost': ask(`metricBreakdown(by: MODEL, ${range}) { key costUsd }`),
    },
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  };
}
