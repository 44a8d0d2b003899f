import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestGateway } from './support/testGateway.js';

const inline = 'document.documentElement.dataset.theme = "dark"';
const page = `<!doctype html><script>${inline}</script><script src="/console/_next/static/app-1.js"></script><h1>Home</h1>`;
const operation = 'query Tick {\n  flow(id: 7) {\n    name\n  }\n}';
const id = createHash('sha256').update(operation).digest('hex');
const manifest = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [{ id, name: 'Tick', type: 'query', body: operation, cost: 1 }],
};
const browser = { accept: 'text/html,application/xhtml+xml' };

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'console-'));
  folder = join(parent, 'dist-console');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

async function build(): Promise<void> {
  await mkdir(join(folder, '_next', 'static'), { recursive: true });
  await mkdir(join(folder, 'flows'), { recursive: true });
  await writeFile(join(folder, 'index.html'), page);
  await writeFile(join(folder, 'flows.html'), page.replace('Home', 'Flows'));
  await writeFile(join(folder, 'flows', '__next._full.txt'), 'pieces');
  await writeFile(join(folder, '404.html'), page.replace('Home', 'Nothing'));
  await writeFile(join(folder, '_next', 'static', 'app-1.js'), 'run()');
  await writeFile(join(folder, 'operations.json'), JSON.stringify(manifest));
  await writeFile(join(parent, 'secret.txt'), 'secret');
  await writeFile(join(folder, '.built-with'), 'recipe');
}

/** The path as it stands, which fetch would tidy up. */
function rawStatus(url: string, path: string): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method: 'GET' }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .once('error', reject)
      .end();
  });
}

describe('the console', () => {
  test('is served whole: pages by their names, lasting files for ever, anything else asked for anew', async () => {
    await build();
    await using it = await startTestGateway({ console: { folder } });
    const get = (path: string, headers = {}) => fetch(new URL(path, it.url), { headers });
    const start = await get('/console', browser);
    expect(start.status).toBe(200);
    expect(await start.text()).toContain('Home');
    expect(start.headers.get('cache-control')).toBe('no-cache');
    expect(await (await get('/console/flows?ws=acme', browser)).text()).toContain('Flows');
    expect(await (await get('/console/', browser)).text()).toContain('Home');
    const script = await get('/console/_next/static/app-1.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(script.headers.get('content-encoding')).toBe('gzip');
    expect(await script.text()).toBe('run()');
    expect(await (await get('/console/flows/__next._full.txt')).text()).toBe('pieces');
  });

  test('lets a page run this site’s files and its own inline scripts, by their hashes, and nothing else', async () => {
    await build();
    await using it = await startTestGateway({ console: { folder } });
    const policy = (await fetch(new URL('/console', it.url), { headers: browser })).headers.get(
      'content-security-policy',
    )!;
    const hash = createHash('sha256').update(inline).digest('base64');
    expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("script-src 'self' 'unsafe-inline'");
    const script = await fetch(new URL('/console/_next/static/app-1.js', it.url));
    expect(script.headers.get('content-security-policy')).toBeNull();
  });

  test('answers 404 to what is not there, with a page for browsers, and 405 to what is no reading', async () => {
    await build();
    await using it = await startTestGateway({ console: { folder } });
    const lost = await fetch(new URL('/console/nothing', it.url), { headers: browser });
    expect([lost.status, await lost.text()]).toEqual([404, expect.stringContaining('Nothing')]);
    const file = await fetch(new URL('/console/nothing.js', it.url));
    expect([file.status, file.headers.get('content-type')]).toEqual([404, 'text/plain; charset=utf-8']);
    const posted = await fetch(new URL('/console', it.url), { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('serves nothing from outside of its folder, and no file that its build keeps for itself', async () => {
    await build();
    await using it = await startTestGateway({ console: { folder } });
    for (const path of [
      '/console/../secret.txt',
      '/console/%2e%2e/secret.txt',
      '/console/..%2fsecret.txt',
      '/console/_next/../../secret.txt',
      '/console/.built-with',
      '/console//etc/passwd',
      '/console/%00',
    ])
      expect([path, await rawStatus(it.url, path)]).toEqual([path, 404]);
  });

  test('is where the root leads, and leaves the graph and its page where they are', async () => {
    await build();
    await using it = await startTestGateway({ console: { folder } });
    const root = await fetch(new URL('/', it.url), { redirect: 'manual', headers: browser });
    expect([root.status, root.headers.get('location')]).toEqual([302, '/console']);
    await using without = await startTestGateway({ console: null });
    expect((await fetch(new URL('/console', without.url), { headers: browser })).status).toBe(404);
  });

  test('says how far its build is while there is none, asks again by itself, and opens without a restart', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(
      `${folder}.progress.json`,
      JSON.stringify({ step: 'Building <its> pages', since: Date.now() - 5_000 }),
    );
    await using it = await startTestGateway({ console: { folder } });
    const waiting = await fetch(new URL('/console/flows', it.url), { headers: browser });
    const text = await waiting.text();
    expect(waiting.status).toBe(200);
    expect(text).toMatch(/Building &#60;its&#62; pages, [56] s so far/);
    expect(text).toContain('http-equiv="refresh"');
    expect(waiting.headers.get('content-security-policy')).toContain("default-src 'none'");
    await build();
    await delay(600);
    expect(await (await fetch(new URL('/console/flows', it.url), { headers: browser })).text()).toContain('Flows</h1>');
  });

  test('brings its operations along: people run them by id, and keys are neither held to them nor may run them', async () => {
    await build();
    await using it = await startTestGateway({ console: { folder }, settings: { keysStoredOnly: true } });
    const person = await it.ask({ documentId: id });
    expect(person.body.data).toEqual({ flow: { name: 'flow 7' } });
    const asKey = (body: unknown, key: string) =>
      fetch(it.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': key },
        body: JSON.stringify(body),
      }).then(
        async (answer) => (await answer.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] },
      );
    expect((await asKey({ documentId: id }, 'good-key')).errors?.[0]?.extensions.code).toBe('OPERATION_NOT_STORED');
    expect((await asKey({ query: operation }, 'good-key')).errors?.[0]?.extensions.code).toBe('OPERATION_NOT_STORED');
    expect((await asKey({ query: operation }, 'any-key')).data).toEqual({ flow: { name: 'flow 7' } });
  });

  test('offers demo people where it is given some, and none otherwise', async () => {
    await build();
    const people = [{ label: 'owner', email: 'owner@acme.example', password: 'secret' }];
    await using it = await startTestGateway({ console: { folder, people } });
    expect(await (await fetch(new URL('/console/people.json', it.url))).json()).toEqual({ people });
    await using quiet = await startTestGateway({ console: { folder } });
    expect(await (await fetch(new URL('/console/people.json', quiet.url))).json()).toEqual({ people: [] });
  });
});
