import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { discover } from './discoveryRun.js';
import { demoPassword, modes, startSystem } from './harness.js';
import type { System } from './harness.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Everything in a JSON value that could be a secret: texts of 16 characters or more. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= 16 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** What the processes of a data folder were given to keep. */
function keptSecrets(folder: string): string[] {
  const [embedded, cluster] = ['secrets.json', 'cluster-secrets.json'].map((name) => join(folder, name));
  const known = textsOf(JSON.parse(readFileSync(existsSync(cluster!) ? cluster! : embedded!, 'utf8')));
  for (const file of ['encryption-keys', 'postgres/cluster/superuser-secret'])
    if (existsSync(join(folder, file))) known.push(readFileSync(join(folder, file), 'utf8').trim());
  // A PEM is logged line by line, a key without its id.
  return known.flatMap((secret) =>
    secret.includes('PRIVATE KEY') ? [secret.split('\n')[1]!] : [secret.replace(/^k1:/, '')],
  );
}

async function post(system: System, path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${system.origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

interface Line {
  readonly event?: string;
  readonly status: string;
  readonly requestId: string;
  readonly workspaceId: string | null;
  readonly durationMs: number;
  readonly [fact: string]: unknown;
}

describe.each(modes)('what is logged at the most talkative level, %s mode', (mode) => {
  const secrets: [string, string][] = [];
  let output = '';
  let flowId: string;
  let workspaceId: string;
  const canary = (what: string): string => {
    const text = `${what}Zc4n4ry${randomBytes(6).toString('hex')}`;
    secrets.push([what, text]);
    return text;
  };

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-logs-'));
    chmodSync(folder, 0o711);
    folders.push(folder);
    const system = await startSystem(mode, { TRIBUTARY_DATA: folder, LOG_LEVEL: 'trace' }, (text) => (output += text));
    try {
      // People: right and wrong passwords, tokens, refresh cookies, invitations.
      const credentials = { email: 'owner@acme.example', password: demoPassword };
      const signedIn = await post(system, '/auth/login', credentials);
      const { accessToken } = (await signedIn.json()) as { accessToken: string };
      const cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!;
      const refreshed = await post(system, '/auth/refresh', {}, { cookie, origin: system.origin });
      secrets.push(['accessToken', accessToken], ['refreshCookie', cookie.split('=')[1]!]);
      const second = refreshed.headers.getSetCookie()[0]?.split(';')[0]?.split('=')[1];
      if (second) secrets.push(['secondCookie', second]);
      await post(system, '/auth/login', { ...credentials, password: canary('wrongPassword') });
      await post(system, '/auth/login', `{"password": "${canary('brokenBody')}`);
      await post(system, '/auth/accept', { token: canary('invitation'), password: canary('newPassword') });
      await post(system, '/auth/refresh', {}, { cookie: `${cookie.split('=')[0]}=${canary('forgedCookie')}` });
      const owner = await system.signIn();
      secrets.push(['token', owner.accessToken.split('.')[2]!]);

      // Keys, good and bad, and tokens that are none.
      const { createApiKey } = await owner.ask(
        `mutation { createApiKey(input: { name: "k", scopes: ["flow.read"] }) { secret } }`,
      );
      secrets.push(['apiKey', createApiKey.secret]);
      const query = { query: '{ flows { nodes { id } } }' };
      await system.post(query, { 'x-api-key': createApiKey.secret });
      await system.post(query, { 'x-api-key': canary('badKey') });
      await system.post(query, { authorization: `Bearer ${canary('badToken')}` });
      await system.post(query, { ...owner.headers, cookie: `other=${canary('foreignCookie')}` });
      const socket = createClient({
        url: system.url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${canary('socketToken')}` },
        retryAttempts: 0,
      });
      await socket
        .iterate({ query: 'subscription { flowUpdates { type } }' })
        .next()
        .catch(() => undefined);
      await socket.dispose();

      // What customers send: a source in the mutation, an upload, and requests that fail with it.
      const content = `name,ip,owner email\nweb-1,10.0.0.1,${canary('mail')}@acme.example\n,10.0.0.2,${canary('rejected')}`;
      const { id: readId } = await discover(owner, { source: { name: 's.csv', format: 'CSV', content } });
      const uploaded = await fetch(`${system.origin}/uploads?name=u.csv`, {
        method: 'POST',
        headers: owner.headers,
        body: `name,note\nup-1,${canary('upload')}\n,${canary('uploadRejected')}`,
      });
      const { uploadId } = (await uploaded.json()) as { uploadId: string };
      await discover(owner, { source: { name: 'u.csv', format: 'CSV', uploadId } });
      // Credentials of every kind, by the name of their column and by their look, and in a row that is rejected.
      const kinds = ['Admin Password', 'API Key', 'Client Secret', 'SNMP Community', 'Private Key', 'Access Token'];
      const row = (name: string) =>
        [name, ...kinds.map((kind) => canary(kind)), `postgres://app:${canary('Connection')}@db/x`].join(',');
      const credentialTable = [['Name', ...kinds, 'Note'].join(','), row('cred-1'), row(''), `${row('cred-2')},more`];
      await discover(owner, { source: { name: 'c.csv', format: 'CSV', content: credentialTable.join('\n') } });
      const broken = { name: 'b.json', format: 'JSON' as const, content: `{"${canary('brokenSource')}": ` };
      await discover(owner, { source: broken }).catch(() => undefined);
      await owner.send('query ($id: ID!) { flow(id: $id) { id } }', { id: canary('variable') });
      await owner.send(`{ flow(id: "${canary('literal')}") { id } }`);
      await owner.send(`{ ${canary('field')} }`);
      await owner.send('mutation ($i: StartDiscoveryInput!) { startDiscovery(input: $i) { flow { id } } }', {
        i: { name: 'x', source: { name: 'x', format: 'XML', content: canary('refusedContent') } },
      });
      await owner.ask(
        `{ flow(id: "${readId}") { discovery { rejectedRows { nodes { raw message } } } assets { nodes { ownerEmail attributes } } } }`,
      );

      // What each line is found by.
      await post(system, '/auth/login', credentials, { 'x-request-id': 'sign-in-that-works' });
      await post(
        system,
        '/auth/login',
        { ...credentials, password: 'not this one' },
        { 'x-request-id': 'sign-in-that-fails' },
      );
      const ask = (requestId: string, query: string, headers: Record<string, string> = owner.headers) =>
        post(system, '/graphql', { query }, { 'x-request-id': requestId, ...headers });
      const asked = await ask('query-that-works', '{ viewer { workspace { id } } }');
      const answer = (await asked.json()) as { data: { viewer: { workspace: { id: string } } } };
      workspaceId = answer.data.viewer.workspace.id.replace(/^ws_/, '');
      await ask('query-of-nobody', '{ flows { nodes { id } } }', {});
      await ask('query-that-is-none', '{ nothing }');
      await fetch(`${system.origin}/uploads?name=l.csv`, {
        method: 'POST',
        headers: { ...owner.headers, 'x-request-id': 'upload-that-works' },
        body: 'name\nlog-1',
      });
      await post(system, '/v1/traces', {}, { ...owner.headers, 'x-request-id': 'spans-that-come' });
      const lines = { name: 'l.csv', format: 'CSV' as const, content: 'name,ip\nlog-1,10.0.0.1' };
      flowId = (await discover(owner, { source: lines })).id.replace(/^flow_/, '');
    } finally {
      await system.close();
    }
    const ofDatabase = join(folder, 'postgres', 'postgresql.log');
    if (existsSync(ofDatabase)) output += readFileSync(ofDatabase, 'utf8');
    for (const secret of keptSecrets(folder)) secrets.push(['kept', secret]);
  }, 120_000);

  test('no secret and no content is in it', () => {
    // It did talk, at that level and to the end of the flows.
    expect(/"level":"debug".*Completed task/.test(output)).toBe(true);
    expect(secrets.length).toBeGreaterThan(45);
    const leaked = secrets.flatMap(([what, secret]) => {
      const at = output.indexOf(secret);
      return at < 0 ? [] : [`${what}: …${output.slice(Math.max(0, at - 300), at + 80)}…`];
    });
    expect(leaked).toEqual([]);
  });

  test('each thing that is done has one line that its request id finds', () => {
    const lines = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line)
      .filter(({ event }) => event !== undefined);
    const found = (requestId: string) => {
      const its = lines.filter((line) => line.requestId === requestId);
      expect(its).toHaveLength(1);
      return its[0]!;
    };
    expect(found('sign-in-that-works')).toMatchObject({ event: 'sign_in', status: 'ok', workspaceId });
    expect(found('sign-in-that-fails')).toMatchObject({ event: 'sign_in', status: 'INVALID_CREDENTIALS' });
    const worked = found('query-that-works');
    expect(worked).toMatchObject({ event: 'operation', status: 'ok', operation: 'query', workspaceId });
    expect(worked.durationMs).toBeGreaterThan(0);
    expect(worked['documentId']).toMatch(/^[0-9a-f]{64}$/);
    expect(found('query-of-nobody')).toMatchObject({ status: 'INVALID_CREDENTIALS', workspaceId: null });
    expect(found('query-that-is-none')).toMatchObject({ event: 'operation', status: 'INVALID_INPUT', workspaceId });
    expect(found('upload-that-works')).toMatchObject({ event: 'upload', status: 'ok', workspaceId });
    expect(found('spans-that-come')).toMatchObject({ event: 'ingest', status: 'ok', workspaceId });
    const phases = lines.filter((line) => line['flowId'] === flowId);
    expect(phases.length).toBeGreaterThan(2);
    for (const phase of phases)
      expect(phase).toMatchObject({ event: 'phase', workspaceId, requestId: expect.stringContaining(flowId) });
    expect(phases.map(({ status }) => status)).toContain('ok');
  });
});
