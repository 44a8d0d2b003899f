import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { CommandRegistry, LocalCommandClient, type CommandClient } from '@tributary/commands';
import {
  loginCommand,
  logoutCommand,
  refreshCommand,
  switchWorkspaceCommand,
  uploadCommand,
  type SignedIn,
} from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import { InProcessCounters } from '@tributary/limits';
import { authRoutes, uploadRoute } from '../src/index.js';
import { answerOf, owner, startTestGateway, testIdentity } from './support/testGateway.js';

const session: SignedIn = {
  accessToken: 'token-1',
  expiresInSeconds: 1800,
  refreshToken: 'refresh-1',
  refreshExpiresInSeconds: 604_800,
  workspaceId: 'ws_01900000-0000-7000-8000-000000000001',
  workspaces: [{ id: 'ws_01900000-0000-7000-8000-000000000001', slug: 'acme', name: 'Acme', role: 'OWNER' }],
};

/** A workspace that knows one person and one session. */
function workspace(): { commands: CommandClient; asked: unknown[] } {
  const asked: unknown[] = [];
  const registry = new CommandRegistry()
    .register(loginCommand, async (input) => {
      asked.push(input);
      if (input.password !== 'right')
        throw new CodedError('INVALID_CREDENTIALS', 'The e-mail or the password is wrong.');
      return session;
    })
    .register(refreshCommand, async ({ refreshToken, workspace }) => {
      if (workspace) asked.push({ workspace });
      if (refreshToken !== 'refresh-1') throw new CodedError('INVALID_CREDENTIALS', 'The session has ended.');
      return { ...session, refreshToken: 'refresh-2' };
    })
    .register(switchWorkspaceCommand, async (input) => {
      asked.push(input);
      return { ...session, workspaceId: 'ws_01900000-0000-7000-8000-000000000002' };
    })
    .register(logoutCommand, async (input) => {
      asked.push(input);
      return {};
    });
  return { commands: new LocalCommandClient(registry), asked };
}

async function startWithSignIn(secureCookies = false) {
  const { commands, asked } = workspace();
  const it = await startTestGateway({
    routes: authRoutes({
      commands,
      secureCookies,
      corsOrigins: ['https://console.example'],
      counters: new InProcessCounters(),
      behindProxy: true,
    }),
  });
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
    answerOf(
      await fetch(it.url.replace('/graphql', path), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    );
  return { it, asked, post, [Symbol.asyncDispose]: () => it.gateway.close() };
}

describe('signing in', () => {
  test('login answers the token, and keeps the refresh token in a cookie that scripts cannot read', async () => {
    await using s = await startWithSignIn(true);
    const { status, body, headers, text } = await s.post('/auth/login', {
      email: 'ada@acme.example',
      password: 'right',
      workspace: 'acme',
    });
    expect([status, body]).toEqual([
      200,
      {
        accessToken: 'token-1',
        expiresInSeconds: 1800,
        workspaceId: 'ws_01900000-0000-7000-8000-000000000001',
        workspaces: session.workspaces,
      },
    ]);
    expect(headers.get('set-cookie')).toBe(
      'tributary_refresh=refresh-1; Path=/auth; HttpOnly; SameSite=Strict; Max-Age=604800; Secure',
    );
    expect(text).not.toContain('refresh-1');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(s.asked).toEqual([{ email: 'ada@acme.example', password: 'right', workspace: 'acme', userAgent: 'node' }]);
  });

  test('a wrong password is 401 INVALID_CREDENTIALS, a missing one 400 MISSING_REQUIRED_FIELD', async () => {
    await using s = await startWithSignIn();
    const wrong = await s.post('/auth/login', { email: 'a', password: 'b' });
    expect([wrong.status, wrong.body.errors![0]!.extensions.code]).toEqual([401, 'INVALID_CREDENTIALS']);
    const missing = await s.post('/auth/login', { email: 'a' });
    expect([missing.status, missing.body.errors![0]!.extensions]).toMatchObject([
      400,
      { code: 'MISSING_REQUIRED_FIELD', details: { field: 'password' } },
    ]);
    expect((await s.post('/auth/login', [])).status).toBe(400);
  });

  test('who guesses is held back for a while, alike for accounts that exist and those that do not', async () => {
    await using s = await startWithSignIn();
    const login = (email: string, from: string, password = 'wrong') =>
      s.post('/auth/login', { email, password }, { 'x-forwarded-for': `10.9.9.9, ${from}` });
    for (const email of ['ada@acme.example', 'nobody@acme.example']) {
      for (let attempt = 0; attempt < 10; attempt++) expect((await login(email, '192.0.2.1')).status).toBe(401);
      const asked = s.asked.length;
      const refused = await login(email.toUpperCase(), '192.0.2.1', 'right');
      expect([refused.status, refused.body.errors![0]!.extensions.code]).toEqual([429, 'RATE_LIMIT_EXCEEDED']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
      expect(s.asked).toHaveLength(asked);
    }
    expect((await login('ada@acme.example', '192.0.2.2', 'right')).status).toBe(200);
    for (let attempt = 0; attempt < 12; attempt++) await login('grace@acme.example', '192.0.2.1', 'right');
    expect((await login('grace@acme.example', '192.0.2.1', 'right')).status).toBe(200);
  });

  test('refresh takes the cookie and hands out the next; a spent one is cleared', async () => {
    await using s = await startWithSignIn();
    const fresh = await s.post('/auth/refresh', {}, { cookie: 'other=1; tributary_refresh=refresh-1' });
    expect([fresh.status, fresh.headers.get('set-cookie')]).toEqual([
      200,
      expect.stringContaining('tributary_refresh=refresh-2'),
    ]);
    const spent = await s.post('/auth/refresh', {}, { cookie: 'tributary_refresh=old' });
    expect([spent.status, spent.headers.get('set-cookie')]).toEqual([401, expect.stringContaining('Max-Age=0')]);
    expect((await s.post('/auth/refresh', {})).status).toBe(204);
  });

  test('switch and logout', async () => {
    await using s = await startWithSignIn();
    const cookie = 'tributary_refresh=refresh-1';
    expect((await s.post('/auth/switch', { workspace: 'globex' }, { cookie })).body).toMatchObject({
      workspaceId: 'ws_01900000-0000-7000-8000-000000000002',
    });
    const out = await s.post('/auth/logout', {}, { cookie });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('tributary_refresh=; ')]);
    expect(s.asked).toEqual([
      { refreshToken: 'refresh-1', workspace: 'globex', userAgent: 'node' },
      { refreshToken: 'refresh-1' },
    ]);
  });

  test('a refresh may say for which workspace, and may come without a body', async () => {
    await using s = await startWithSignIn();
    const cookie = 'tributary_refresh=refresh-1';
    expect((await s.post('/auth/refresh', { workspace: 'globex' }, { cookie })).status).toBe(200);
    expect(s.asked).toEqual([{ workspace: 'globex' }]);
    const url = s.it.url.replace('/graphql', '/auth/refresh');
    expect((await fetch(url, { method: 'POST', headers: { cookie } })).status).toBe(200);
    expect((await s.post('/auth/refresh', { workspace: 7 }, { cookie })).status).toBe(400);
  });

  test('a sign-in page is told which ways there are', async () => {
    await using s = await startWithSignIn();
    const answer = await fetch(s.it.url.replace('/graphql', '/auth/methods'));
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { methods: [{ kind: 'password', path: '/auth/login' }] },
    ]);
  });

  test('links for a first or a new password lead to a page that sends its form to where it stands', async () => {
    await using s = await startWithSignIn();
    for (const path of ['/auth/accept', '/auth/reset']) {
      const answer = await fetch(s.it.url.replace('/graphql', path));
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(await answer.text()).toContain('post(location.pathname');
    }
  });

  test('a page of another site cannot use the cookie, and a GET is 405', async () => {
    await using s = await startWithSignIn();
    const cookie = 'tributary_refresh=refresh-1';
    expect((await s.post('/auth/refresh', {}, { cookie, origin: 'https://evil.example' })).status).toBe(403);
    expect((await s.post('/auth/refresh', {}, { cookie, origin: 'https://console.example' })).status).toBe(200);
    expect((await s.post('/auth/refresh', {}, { cookie, 'content-type': 'text/plain', origin: 'null' })).status).toBe(
      403,
    );
    expect((await fetch(s.it.url.replace('/graphql', '/auth/login'))).status).toBe(405);
  });
});

async function startWithUploads(handle: (body: Readable) => Promise<number>, maxBytes?: number) {
  const seen: { name: string; principal: unknown }[] = [];
  const registry = new CommandRegistry().register(uploadCommand, async (input, context, body) => {
    seen.push({ name: input.name, principal: context.principal });
    return { uploadId: 'upload_1', bytes: await handle(body!), sha256: 'abc' };
  });
  const routes = [
    uploadRoute({
      commands: new LocalCommandClient(registry),
      identity: testIdentity,
      ...(maxBytes ? { maxBytes } : {}),
    }),
  ];
  const it = await startTestGateway({ routes });
  return { it, seen, url: it.url.replace('/graphql', '/uploads'), [Symbol.asyncDispose]: () => it.gateway.close() };
}

async function count(body: Readable): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) bytes += (chunk as Buffer).length;
  return bytes;
}

describe('uploads', () => {
  const signedIn = { authorization: 'Bearer good' };

  test('the body goes through as a stream, as whoever sends it', async () => {
    await using s = await startWithUploads(count);
    const response = await fetch(`${s.url}?name=servers.csv`, {
      method: 'POST',
      headers: signedIn,
      body: new Uint8Array(3_000_000),
    });
    expect([response.status, await response.json()]).toEqual([
      201,
      { uploadId: 'upload_1', bytes: 3_000_000, sha256: 'abc' },
    ]);
    expect(s.seen).toEqual([{ name: 'servers.csv', principal: owner }]);
  });

  test('nobody, no name and too much are refused', async () => {
    await using s = await startWithUploads(count, 1_000);
    const statusOf = async (query: string, headers: Record<string, string>, bytes: number) =>
      (await fetch(s.url + query, { method: 'POST', headers, body: new Uint8Array(bytes) })).status;
    expect(await statusOf('?name=a', {}, 10)).toBe(401);
    expect(await statusOf('', signedIn, 10)).toBe(400);
    expect(await statusOf('?name=a', signedIn, 1_001)).toBe(413);
    const chunked = await fetch(`${s.url}?name=a`, {
      method: 'POST',
      headers: signedIn,
      body: new Blob([new Uint8Array(5_000)]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect([
      chunked.status,
      ((await chunked.json()) as { errors: { extensions: { code: string } }[] }).errors[0]!.extensions.code,
    ]).toEqual([413, 'QUOTA_EXCEEDED']);
  });

  describe('as a form', () => {
    const formOf = (files: Record<string, Uint8Array<ArrayBuffer>>): FormData => {
      const form = new FormData();
      form.append('note', 'fields beside the file are ignored');
      for (const [name, content] of Object.entries(files)) form.append('file', new Blob([content]), name);
      form.append('behind', 'those behind it, too');
      return form;
    };
    const send = async (url: string, body: RequestInit['body'], headers: Record<string, string> = {}) => {
      const response = await fetch(url, { method: 'POST', headers: { ...signedIn, ...headers }, body: body! });
      return { status: response.status, body: (await response.json()) as Record<string, any> };
    };
    const codeOf = ({ status, body }: Awaited<ReturnType<typeof send>>) => [
      status,
      body['errors']?.[0].extensions.code,
      body['errors']?.[0].extensions.details.field,
    ];
    const boundary = 'x7';
    const part = (disposition: string, content: string) =>
      `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
    const typed = { 'content-type': `multipart/form-data; boundary=${boundary}` };

    test('the file alone is stored, byte by byte, under its own name or the one that the query gives', async () => {
      const content = new Uint8Array(3_000_000).map((_, index) => (index * 7) % 256);
      const received: Buffer[] = [];
      await using s = await startWithUploads(async (body) => {
        const chunks = (await body.toArray()) as Buffer[];
        received.push(Buffer.concat(chunks));
        return received.at(-1)!.length;
      });
      expect((await send(s.url, formOf({ 'söurce, 1.csv': content }))).status).toBe(201);
      expect((await send(`${s.url}?name=mine.csv`, formOf({ 'a.csv': content }))).status).toBe(201);
      expect(s.seen.map(({ name }) => name)).toEqual(['söurce, 1.csv', 'mine.csv']);
      for (const file of received) expect(file.equals(content)).toBe(true);
    });

    test('curl -F sends it so, with a folder before its name', async () => {
      await using s = await startWithUploads(count);
      const file = join(mkdtempSync(join(tmpdir(), 'tributary-form-')), 'estate.csv');
      writeFileSync(file, 'name,ip\nweb-1,10.0.0.1\n');
      const { stdout } = await promisify(execFile)('curl', [
        '-s',
        s.url,
        '-H',
        'authorization: Bearer good',
        '-F',
        `file=@${file}`,
      ]);
      expect(JSON.parse(stdout)).toMatchObject({ bytes: 23 });
      expect(s.seen).toMatchObject([{ name: 'estate.csv' }]);
    });

    test('a form without a file, with two, cut off, or that is none is refused, and nothing of it is stored', async () => {
      const kept: number[] = [];
      await using s = await startWithUploads(async (body) => {
        const bytes = await count(body);
        kept.push(bytes);
        return bytes;
      });
      const url = `${s.url}?name=a.csv`;
      expect(codeOf(await send(url, formOf({})))).toEqual([400, 'MISSING_REQUIRED_FIELD', 'file']);
      expect(codeOf(await send(url, formOf({ 'a.csv': new Uint8Array(9), 'b.csv': new Uint8Array(9) })))).toEqual([
        400,
        'INVALID_INPUT',
        'file',
      ]);
      const cut = part('name="file"; filename="a.csv"', 'name,ip\nweb-1,10.0.0.1');
      expect(codeOf(await send(url, cut, typed))).toEqual([400, 'INVALID_INPUT', 'content-type']);
      expect(codeOf(await send(url, 'name,ip', typed))).toEqual([400, 'INVALID_INPUT', 'content-type']);
      expect(codeOf(await send(url, cut, { 'content-type': 'multipart/form-data' }))).toEqual([
        400,
        'INVALID_INPUT',
        'content-type',
      ]);
      const unnamed = `${part('name="file"; filename=""', 'x')}--${boundary}--\r\n`;
      expect(codeOf(await send(s.url, unnamed, typed))).toEqual([400, 'MISSING_REQUIRED_FIELD', 'name']);
      expect(kept).toEqual([]);
    });

    test('the limit is that of the file: a form around it costs nothing', async () => {
      await using s = await startWithUploads(count, 1_000);
      expect((await send(s.url, formOf({ 'a.csv': new Uint8Array(1_000) }))).status).toBe(201);
      expect(codeOf(await send(s.url, formOf({ 'a.csv': new Uint8Array(1_001) })))).toEqual([
        413,
        'QUOTA_EXCEEDED',
        undefined,
      ]);
    });

    test('one that breaks off breaks the stream, so that nothing is kept', async () => {
      const broken = Promise.withResolvers<unknown>();
      await using s = await startWithUploads(async (body) => {
        try {
          return await count(body);
        } catch (error) {
          broken.resolve(error);
          throw error;
        }
      });
      const request = httpRequest(s.url, {
        method: 'POST',
        headers: { ...signedIn, ...typed, 'content-length': 1_000_000 },
      });
      request.on('error', () => undefined);
      request.write(part('name="file"; filename="a.csv"', 'x'.repeat(1_000)));
      setTimeout(() => request.destroy(), 100);
      expect(await broken.promise).toMatchObject({ code: 'INVALID_INPUT' });
    });
  });

  test('an upload that breaks off breaks the stream, so that nothing is kept', async () => {
    let broke: (reason: unknown) => void = () => undefined;
    const broken = new Promise((resolve) => (broke = resolve));
    await using s = await startWithUploads(async (body) => {
      try {
        return await count(body);
      } catch (error) {
        broke(error);
        throw error;
      }
    });
    const request = httpRequest(`${s.url}?name=a`, {
      method: 'POST',
      headers: { ...signedIn, 'content-length': 1_000_000 },
    });
    request.on('error', () => undefined);
    request.write(Buffer.alloc(1_000));
    setTimeout(() => request.destroy(), 100);
    expect(await broken).toMatchObject({ code: 'INVALID_INPUT' });
  });
});
