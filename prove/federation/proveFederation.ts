// `npm run prove:federation -- --audit <folder>`: the public audit of federation gateways (graphql-hive/federation-gateway-audit, a checkout
// with its packages installed) asks our gateway, with our executor and with the engine's.   --executor own,shipped   --only a,b
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { printTable, type TableRow } from '@tributary/kit/measure';
import { auditedGateway, type ExecutorName } from './auditedGateway.ts';
import { AuditServer, type AuditCase } from './AuditServer.ts';

const { values: flags } = parseArgs({
  options: {
    audit: { type: 'string' },
    executor: { type: 'string', default: 'own,shipped' },
    only: { type: 'string', default: '' },
  },
});
if (!flags.audit) throw new Error('Say where the audit is: --audit <folder>.');

await using server = await AuditServer.start(flags.audit);
const chosen = new Set(flags.only.split(',').filter(Boolean));
const suites = (await server.suites()).filter((suite) => chosen.size === 0 || chosen.has(suite));
const rows: TableRow[] = [];
let wrong = 0;
for (const executor of flags.executor.split(',') as ExecutorName[]) {
  let [asked, right] = [0, 0];
  for (const suite of suites) {
    const cases = await server.cases(suite);
    const [gateway, url] = await auditedGateway(await server.supergraph(suite), executor);
    try {
      for (const each of cases) {
        asked += 1;
        if (await isRight(url, each, `${executor}, ${suite}`)) right += 1;
      }
    } finally {
      await gateway.close();
    }
  }
  wrong += asked - right;
  rows.push({ executor, suites: suites.length, operations: asked, right });
}
printTable(rows);
process.exitCode = wrong > 0 || rows.every(({ operations }) => operations === 0) ? 1 : 0;

async function isRight(url: string, { query, expected }: AuditCase, where: string): Promise<boolean> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query }),
  });
  const answer = (await response.json()) as { data?: unknown; errors?: readonly unknown[] };
  const hasErrors = (answer.errors?.length ?? 0) > 0;
  const isAsExpected =
    isDeepStrictEqual(answer.data ?? null, expected.data ?? null) &&
    (expected.errors === undefined || hasErrors === expected.errors);
  if (!isAsExpected)
    console.error(`${where}: ${query}\n  wants ${JSON.stringify(expected)}\n  has ${JSON.stringify(answer)}`);
  return isAsExpected;
}
