// Loads the packages of a tree and uses them as a careless caller would. Says FOUND for what they let pass.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';

const [, , tree, url, workspaceId, engine] = argv;
const load = (name) => import(pathToFileURL(join(tree, 'packages', name, 'dist', 'index.js')).href);
const found = (oracle, where, what) => stdout.write(`FOUND ${JSON.stringify([oracle, where, what])}\n`);

const { Database, sql } = await load('data');
const { createLogger } = await load('observability');

const database = await Database.open({
  url,
  entities: [],
  logger: createLogger({ name: 'net', level: 'silent' }),
  poolSize: 1,
  engine,
});
const look = sql('net.look', 'select 1 from workspace where workspace_id = $1');
let escaped;
await database.withWorkspace({ workspaceId }, async (transaction) => {
  escaped = transaction;
  await transaction.query(look);
});
const [{ bound }] = await database.lookup('bound_workspace', []);
if (bound) found('lock', 'a connection behind a transaction', `is still bound to ${bound}`);
await database.read({ workspaceId }, look);
const [{ bound: after }] = await database.lookup('bound_workspace', []);
if (after) found('lock', 'a connection behind a read', `is still bound to ${after}`);
for (const use of [() => escaped.query(look), () => escaped.beforeCommit('auditHead', async () => undefined)]) {
  try {
    await use();
    found('lock', 'a handle after COMMIT', 'was taken');
  } catch {
    // Refused, as it must be.
  }
}
await database.close();

const folder = mkdtempSync(join(tmpdir(), 'tributary-log-'));
const file = join(folder, 'log');
const logger = createLogger({ name: 'net', level: 'debug', destination: file });
const secret = 'cannot-be-in-a-log';
logger.info(
  {
    password: secret,
    headers: { authorization: secret, cookie: secret },
    input: { source: { content: secret } },
    apiKey: secret,
    email: secret,
  },
  'all kinds',
);
logger.warn(
  { request: { headers: { 'x-api-key': secret, 'x-tributary-context': secret } }, token: secret, refreshToken: secret },
  'more',
);
if (readFileSync(file, 'utf8').includes(secret)) found('log', 'the logger', readFileSync(file, 'utf8').slice(0, 300));
rmSync(folder, { recursive: true, force: true });
stdout.write('LOOKED\n');
