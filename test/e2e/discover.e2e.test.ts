import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newDataFolder } from '@tributary/kit';
import { startSystem } from './harness.js';
import type { System } from './harness.js';

const folder = mkdtempSync(join(tmpdir(), 'tributary-discover-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Printed {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** What a person does with `npm run discover -- …`, in a folder of their own. `typed`: what they answer. */
async function discover(args: readonly string[], env: NodeJS.ProcessEnv, typed = ''): Promise<Printed> {
  const child = spawn(process.execPath, ['scripts/operate.mjs', 'discover', ...args], {
    // Built already, as in an image: nothing is looked for before each run.
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      NODE_ENV: 'production',
      INIT_CWD: folder,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(typed);
  const texts = [child.stdout, child.stderr].map(async (stream) =>
    Buffer.concat((await stream.toArray()) as Buffer[]).toString(),
  );
  const code = await new Promise<number | null>((done) => child.once('close', done));
  const [out, err] = await Promise.all(texts);
  return { code, out: out!, err: err! };
}

const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return name;
};

const estate = 'name;ip;Betriebssystem;password\nweb-1;10.8.0.1;Debian 12;hunter22\n;10.8.0.2;Debian 12;geheim123\n';

describe('beside a running system', () => {
  let system: System;
  let apiKey: string;
  let here: NodeJS.ProcessEnv;
  beforeAll(async () => {
    system = await startSystem('embedded');
    here = { TRIBUTARY_DATA: system.dataFolder };
    const owner = await system.signIn();
    const scopes = ['upload.create', 'flow.start', 'flow.read', 'flow.approve'];
    const create = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }';
    apiKey = (await owner.ask(create, { input: { name: 'shell', scopes } })).createApiKey.secret;
  }, 120_000);
  afterAll(() => system?.close());

  test('a file becomes assets, and its person reads what became of what', async () => {
    const { code, out, err } = await discover([file('estate.csv', estate), '--name', 'By hand'], here);
    expect([code, err]).toEqual([0, expect.stringContaining('100 %')]);
    expect(out).toContain('estate.csv: succeeded');
    expect(out).toContain('2 read, 1 taken, 1 rejected');
    expect(out).toMatch(/Assets +1 new, 0 seen again/);
    expect(out).toContain('name → name, ip → ipAddress, Betriebssystem → operatingSystem');
    expect(out).toMatch(/As attributes +password/);
    expect(out).toMatch(/Rejected +MISSING_NAME, 1 ×: line 3/);
    expect(out).toMatch(/Noticed +CREDENTIAL_REMOVED, 2 ×/);
    expect(out + err).not.toMatch(/hunter22|geheim123/);
    const owner = await system.signIn();
    const { flows } = await owner.ask('{ flows(first: 1) { nodes { name status createdBy { __typename } } } }');
    expect(flows.nodes).toEqual([{ name: 'By hand', status: 'SUCCEEDED', createdBy: { __typename: 'User' } }]);
  }, 60_000);

  test('with a key it goes to the key’s workspace, wherever that is', async () => {
    const there = { TRIBUTARY_URL: system.origin, TRIBUTARY_API_KEY: apiKey };
    const { code, out } = await discover([file('estate.csv', estate), '--coverage', 'complete'], there);
    expect([code, out]).toEqual([0, expect.stringContaining('seen again')]);
    const refused = await discover(['estate.csv'], { ...there, TRIBUTARY_API_KEY: `${apiKey.slice(0, -4)}aaaa` });
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain('INVALID_API_KEY');
    const without = await discover(['estate.csv', '--url', system.origin], {});
    expect([without.code, without.err]).toEqual([1, expect.stringContaining('TRIBUTARY_API_KEY')]);
  }, 90_000);

  test('asks for what awaits approval, takes changes, and says what cannot be', async () => {
    const typed = 'ip=nonsense\n\nip=\n\n';
    const { code, out } = await discover([file('asked.csv', estate), '--review'], here, typed);
    expect(out).toContain('ip → ipAddress   such as 10.8.0.1 | 10.8.0.2');
    expect(out).toContain('INVALID_INPUT');
    expect(out).toMatch(/Columns +name → name, Betriebssystem → operatingSystem\n +As attributes +ip, password/);
    expect(code).toBe(0);
  }, 60_000);

  test('leaves it waiting where nobody says yes, and --yes says it', async () => {
    // Nothing names the assets: it waits by itself.
    const unnamed = file('unnamed.csv', '10.8.1.1;Debian 12\n10.8.1.2;Debian 12\n');
    for (const typed of ['', 'n\n']) {
      const waiting = await discover([unnamed], here, typed);
      expect([waiting.code, waiting.out]).toEqual([3, expect.stringContaining('awaiting approval')]);
      expect(waiting.out).toMatch(/approve flow_[0-9a-f-]+ in GraphiQL/);
    }
    const approved = await discover([unnamed, '--yes'], here);
    expect([approved.code, approved.out]).toEqual([0, expect.stringContaining('unnamed.csv: succeeded')]);
  }, 120_000);

  test('ends with 1 and the reason when it cannot be done', async () => {
    const broken = await discover([file('broken.json', '{"items": [ {"name": "a"}, '), '--format', 'json'], here);
    expect([broken.code, broken.out]).toEqual([1, expect.stringMatching(/broken.json: failed[^]*Why +.+\([A-Z_]+\)/)]);
    for (const [args, reason] of [
      [['nowhere.csv'], 'nowhere.csv cannot be read'],
      [[], 'npm run discover -- estate.csv'],
      [['estate.csv', '--colour'], "Unknown option '--colour'"],
      [['estate.csv', '--format', 'PDF'], 'SourceFormat'],
      [['estate.csv', '--url', 'http://127.0.0.1:9'], 'Nothing answers'],
    ] as const) {
      const key = args[1] === '--url' ? { TRIBUTARY_API_KEY: apiKey } : {};
      const { code, err, out } = await discover(args, { ...here, ...key });
      expect([args, code, out, err]).toEqual([args, 1, '', expect.stringContaining(reason)]);
      expect(err).not.toMatch(/\n +at /);
    }
  }, 120_000);
});

test('where nothing runs a system of its own takes the file in, and leaves the inventory for the next start', async () => {
  const data = newDataFolder('discover');
  try {
    const first = await discover([file('estate.csv', estate), '--workspace', 'globex'], { TRIBUTARY_DATA: data });
    expect([first.code, first.err]).toEqual([0, expect.stringContaining('Nothing runs on')]);
    expect(first.out).toContain('estate.csv: succeeded');
    await using system = await startSystem('embedded', { TRIBUTARY_DATA: data });
    const owner = await system.signIn('owner', 'globex');
    const { assets } = await owner.ask('{ assets(filter: { search: "web-1" }) { nodes { name ipAddress } } }');
    expect(assets.nodes).toEqual([{ name: 'web-1', ipAddress: '10.8.0.1' }]);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}, 120_000);
