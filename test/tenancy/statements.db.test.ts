import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createLogger } from '@tributary/observability';
import { Database } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';
import { entities, everyStatement, namesInStorage } from './everyStatement.js';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'One-Time Filter'?: string;
  readonly Plans?: readonly Plan[];
}

let cluster: TestDatabase;
let database: Database;
let app: pg.Client;
let statements: Statement<unknown>[];

beforeAll(async () => {
  cluster = await startTestDatabase();
  database = await Database.open({
    url: cluster.appUrl,
    entities,
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
  statements = await everyStatement(database);
  app = new pg.Client({ connectionString: cluster.appUrl });
  await app.connect();
  await app.query(`select set_config('app.workspace_id', '0190a000-0000-7000-8000-000000000001', false)`);
}, 60_000);
afterAll(async () => {
  await app.end();
  await database.close();
  await cluster[Symbol.asyncDispose]();
});

/** Every node of the plan that PostgreSQL keeps for a prepared statement, whatever its values. */
async function genericPlan(text: string): Promise<Plan[]> {
  const { rows } = await app.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(`explain (generic_plan, format json) ${text}`);
  const nodes: Plan[] = [];
  const collect = (node: Plan) => {
    nodes.push(node);
    node.Plans?.forEach(collect);
  };
  collect(rows[0]!['QUERY PLAN'][0]!.Plan);
  return nodes;
}

/** What the node asks of each row, or of an index, as against once. */
function askedOfRows(node: Plan): string[] {
  return Object.entries(node).flatMap(([name, value]) =>
    name !== 'One-Time Filter' && /Filter|Cond/.test(name) && typeof value === 'string' ? [value] : [],
  );
}

const isPolicy = (expression: string | undefined) => expression?.includes('app.workspace_id') === true;

describe('statements of storage', () => {
  test('are all looked at here', () => {
    const looked = new Set(statements.map((statement) => statement.name));
    const mentioned = namesInStorage();
    expect(mentioned.length).toBeGreaterThan(90);
    expect(mentioned.filter((name) => !looked.has(name))).toEqual([]);
  });

  test('meet the policy once and not for each row, in the plan that is kept for all workspaces', async () => {
    const perRow: string[] = [];
    const unfiltered: string[] = [];
    for (const { name, text, isOfWorkspace } of statements) {
      if (!isOfWorkspace) continue;
      const nodes = await genericPlan(text);
      if (nodes.flatMap(askedOfRows).some(isPolicy)) perRow.push(name);
      const reads = nodes.some((node) => node['Relation Name'] && node['Node Type'].endsWith('Scan'));
      if (reads && !nodes.some((node) => isPolicy(node['One-Time Filter']))) unfiltered.push(name);
    }
    expect({ perRow, unfiltered }).toEqual({ perRow: [], unfiltered: [] });
  }, 60_000);

  test('would be seen to meet it for each row if they did not name the workspace', async () => {
    const nodes = await genericPlan('select id from asset where id = $1');
    expect(nodes.flatMap(askedOfRows).some(isPolicy)).toBe(true);
  });
});
