import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { uploadCommand } from '@tributary/contracts/commands';
import { InProcessCounters } from '@tributary/limits';
import { describe, expect, test } from '@jest/globals';
import { CallerBudgets, defaultSettings, uploadRoute, type BudgetSettings } from '../src/index.js';
import { startEdge } from './support/edge.js';
import { RawSocket } from './support/sockets.js';
import { post, startTestGateway, testIdentity } from './support/testGateway.js';

const none: BudgetSettings = { requests: 0, cost: 0, workspaceRequests: 0, workspaceCost: 0 };
const strict = { accept: 'application/graphql-response+json' };
const person = { authorization: 'Bearer good', ...strict };
const key = { 'x-api-key': 'good-key', ...strict };
const cheap = { query: '{ whoAmI }' };
/** Costs 11. */
const dear = { query: '{ page(first: 11) { id } }' };

const doors = [
  [
    'the gateway',
    (budgets: Partial<BudgetSettings>) => startTestGateway({ settings: { budgets: { ...none, ...budgets } } }),
  ],
  [
    'an edge',
    (budgets: Partial<BudgetSettings>) => startEdge(() => ({ data: {} }), { budgets: { ...none, ...budgets } }),
  ],
] as const;

describe.each(doors)('budgets at %s', (_door, start) => {
  test('so many requests a minute, then RATE_LIMIT_EXCEEDED with 429 and the time to wait', async () => {
    await using it = await start({ requests: 2 });
    const answers = [];
    for (let n = 0; n < 4; n += 1) answers.push(await post(it.url, cheap, person));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    const last = answers[3]!;
    expect(last.body.errors).toMatchObject([
      { extensions: { code: 'RATE_LIMIT_EXCEEDED', details: { budget: 'requests', most: 2, perSeconds: 60 } } },
    ]);
    const wait = Number(last.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(50);
    expect(last.body.errors![0]!.extensions.details['retryAfterSeconds']).toBe(wait);
  });

  test('tell how they stand in headers of the IETF’s draft', async () => {
    await using it = await start({ requests: 5, cost: 100, workspaceRequests: 50, workspaceCost: 1_000 });
    const { headers } = await post(it.url, dear, person);
    expect(headers.get('ratelimit-policy')).toBe(
      '"requests";q=5;w=60, "cost";q=100;w=60, "workspace-requests";q=50;w=60, "workspace-cost";q=1000;w=60',
    );
    expect(headers.get('ratelimit')).toBe(
      '"requests";r=4;t=60, "cost";r=89;t=60, "workspace-requests";r=49;t=60, "workspace-cost";r=989;t=60',
    );
    expect(headers.get('retry-after')).toBeNull();
  });

  test('so much cost a minute, then BUDGET_EXCEEDED', async () => {
    await using it = await start({ cost: 25 });
    const statuses = [];
    for (let n = 0; n < 2; n += 1) statuses.push((await post(it.url, dear, person)).status);
    const { status, body } = await post(it.url, dear, person);
    expect([...statuses, status]).toEqual([200, 200, 429]);
    expect(body.errors).toMatchObject([{ extensions: { code: 'BUDGET_EXCEEDED', details: { budget: 'cost' } } }]);
  });

  test('a key has a budget of its own, and shares the workspace’s', async () => {
    await using own = await start({ requests: 1 });
    expect((await post(own.url, cheap, person)).status).toBe(200);
    expect((await post(own.url, cheap, key)).status).toBe(200);
    await using shared = await start({ workspaceRequests: 1 });
    expect((await post(shared.url, cheap, person)).status).toBe(200);
    const { status, body } = await post(shared.url, cheap, key);
    expect([status, body.errors![0]!.extensions.details['budget']]).toEqual([429, 'workspace-requests']);
  });

  test('what is refused counts as a request, and then nothing more of it is looked at', async () => {
    await using it = await start({ requests: 1 });
    const codes = [];
    for (let n = 0; n < 3; n += 1)
      codes.push((await post(it.url, { query: '{' }, person)).body.errors![0]!.extensions.code);
    expect(codes).toEqual(['INVALID_INPUT', 'RATE_LIMIT_EXCEEDED', 'RATE_LIMIT_EXCEEDED']);
  });
});

test('over a socket the operation is refused, and the socket stays', async () => {
  await using it = await startTestGateway({ settings: { budgets: { ...none, requests: 1 } } });
  const socket = await RawSocket.open(it.wsUrl, { authorization: 'Bearer good' });
  socket.subscribe('1', cheap);
  await socket.next('complete', '1');
  socket.subscribe('2', cheap);
  expect(await socket.next('error', '2')).toMatchObject({ payload: [{ extensions: { code: 'RATE_LIMIT_EXCEEDED' } }] });
  expect(socket.socket.readyState).toBe(socket.socket.OPEN);
  socket.socket.close();
});

test('an upload counts as a request', async () => {
  const registry = new CommandRegistry().register(uploadCommand, async (_input, _context, body) => {
    for await (const _chunk of body!);
    return { uploadId: 'upload_1', bytes: 0, sha256: '' };
  });
  const budgets = new CallerBudgets(new InProcessCounters(), { ...none, requests: 1 });
  await using it = await startTestGateway({
    budgets,
    routes: [uploadRoute({ commands: new LocalCommandClient(registry), identity: testIdentity, budgets })],
  });
  const upload = () =>
    fetch(it.url.replace('/graphql', '/uploads?name=a.csv'), { method: 'POST', headers: person, body: 'a' });
  const first = await upload();
  expect([first.status, first.headers.get('ratelimit')]).toEqual([201, '"requests";r=0;t=60']);
  const second = await upload();
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)]);
  expect((await post(it.url, cheap, person)).status).toBe(429);
});

test('all budgets are on unless they are set to 0', () => {
  expect(Object.values(defaultSettings.budgets).every((points) => points > 0)).toBe(true);
});
