import pg from 'pg';
import { Database } from '@tributary/data';
import { createLogger } from '@tributary/observability';
import type * as everything from '../../test/tenancy/everyStatement.js';

/** A statement that the engine does not take, whatever its values are. */
interface Refusal {
  readonly statement: string;
  readonly message: string;
}

const workspace = '0190a000-0000-7000-8000-00000000000c';
/** Of any type that a look-up takes. */
const sample: Readonly<Record<string, unknown>> = {
  uuid: workspace,
  'uuid[]': [workspace],
  text: 'acme',
  'text[]': ['flows'],
  integer: 10,
  bigint: 1_000,
  bytea: Buffer.from('secret'),
  boolean: false,
  date: '2026-11-02',
  'timestamp with time zone': new Date('2026-11-01T00:00:00Z'),
};

/** From the sixth time on PostgreSQL may plan a prepared statement once for all values, which Citus does in another way. */
const times = 8;

/** Sends every named statement of storage, every look-up and every act of upkeep, prepared, each in transactions that are taken back. */
export async function refusedStatements(urls: {
  app: string;
  worker: string;
  admin: string;
}): Promise<{ sent: number; refused: Refusal[] }> {
  const { entities, everyStatement } = await readEverything();
  const logger = createLogger({ name: 'prove', level: 'silent' });
  await using database = await Database.open({ url: urls.app, entities, logger, engine: 'citus' });
  const refused: Refusal[] = [];
  let sent = 0;
  const attempt = async (client: pg.Client, statement: string, text: string, values: unknown[]): Promise<void> => {
    sent += 1;
    for (let time = 1; time <= times; time += 1) {
      await client.query(`begin isolation level read committed; set local app.workspace_id = '${workspace}'`);
      try {
        await client.query({ name: `prepared ${sent}`, text, values });
      } catch (error) {
        const { code = '', message } = error as { code?: string; message: string };
        if (isRefusal(code)) refused.push({ statement, message: `the ${time}. time: ${code} ${message}` });
      }
      await client.query('rollback');
    }
  };
  await using app = await connect(urls.app);
  for (const { name, text, values, isOfWorkspace } of await everyStatement(database))
    await attempt(app.client, name, text, isOfWorkspace ? [workspace, ...values] : [...values]);
  await using admin = await connect(urls.admin);
  await using worker = await connect(urls.worker);
  for (const { schema, name, types, isApps } of await functions(admin.client)) {
    const places = types.map((type, index) => `$${index + 1}::${type}`).join(', ');
    const values = types.map((type) => sample[type]);
    const client = isApps ? app.client : worker.client;
    await attempt(client, `${schema}.${name}`, `select * from ${schema}.${name}(${places})`, values);
  }
  return { sent, refused };
}

/** The register of all statements is the tests': they run from sources, and so does what they import. */
async function readEverything(): Promise<typeof everything> {
  const loader = new URL('../../kit/jest/importFromSource.mjs', import.meta.url);
  const { importFromSource } = (await import(loader.href)) as { importFromSource: (url: URL) => Promise<unknown> };
  return (await importFromSource(
    new URL('../../test/tenancy/everyStatement.ts', import.meta.url),
  )) as typeof everything;
}

/** Not of the values: what is not supported, not permitted, not there, or an error of the engine itself. */
function isRefusal(code: string): boolean {
  return /^(0A|42|XX|55|25|26)/.test(code);
}

interface Called {
  readonly schema: string;
  readonly name: string;
  readonly types: readonly string[];
  readonly isApps: boolean;
}

async function functions(admin: pg.Client): Promise<Called[]> {
  const { rows } = await admin.query<Called>(
    `select n.nspname as schema, p.proname as name,
       array(select format_type(t, null) from unnest(p.proargtypes) with ordinality as a (t, n) order by n) as types,
       has_function_privilege('app', p.oid, 'execute') as "isApps"
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'lookup' or (n.nspname = 'upkeep' and has_function_privilege('worker', p.oid, 'execute')) order by 1, 2`,
  );
  return rows;
}

async function connect(url: string): Promise<{ client: pg.Client } & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}
