import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { eventually, startProduct } from '@tributary/kit';
import type { Product } from '@tributary/kit';
import { askGateway, Client } from '@tributary/kit/client';
import { Receiver } from './Receiver.js';
import type { ScriptedAnswer } from './Receiver.js';
import { SmtpSink } from './SmtpSink.js';

let product: Product;
let mail: SmtpSink;
let client: Client;

beforeAll(async () => {
  mail = await SmtpSink.start();
  const settings = {
    WEBHOOK_ALLOW_ADDRESSES: '127.0.0.0/8',
    SMTP_URL: mail.url,
    SMTP_FROM: 'Tributary <t@example.com>',
  };
  product = await startProduct({ mode: 'embedded', settings });
  client = new Client({ origin: new URL(product.url).origin });
}, 60_000);
afterAll(async () => {
  client.close();
  await product[Symbol.asyncDispose]();
  await mail[Symbol.asyncDispose]();
});

const selection = 'sequence type status flow { id name kind }';
const watched = (kind: string) => `subscription { flowUpdates(filter: { kind: ["${kind}"] }) { ${selection} } }`;

async function createWebhook(receiver: Receiver, kind: string, given: object = {}): Promise<any> {
  const { createWebhook: made } = await client.ask(
    `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret webhook { id version status position publicKey } } }`,
    { input: { webhook: { name: kind, url: receiver.url, document: watched(kind), ...given } } },
  );
  await eventually(async () => expect((await state(made.webhook.id)).status).toBe('ACTIVE'), { timeoutMs: 40_000 });
  return made;
}

async function state(id: string): Promise<any> {
  const { webhook } = await client.ask(
    `query ($id: ID!) { webhook(id: $id) { status statusReason failingSince position lag version nextAttemptAt
      attempts(first: 100) { nodes { outcome statusCode attempt events sequence answer replayId } }
      deadLetters { totalCount nodes { id sequence type reason attempts state } } replays { id position finishedAt } } }`,
    { id },
  );
  return webhook;
}

async function happen(kind: string): Promise<string> {
  const { createFlow } = await client.ask(
    'mutation ($kind: String!) { createFlow(input: { kind: $kind, name: "x", phases: ["a"] }) { flow { id } } }',
    { kind },
  );
  return createFlow.flow.id;
}

const inputOf = (field: string) =>
  /^(pause|test|delete)Webhook/.test(field) ? 'WebhookActionInput' : `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
const act = (field: string, input: object, selected = 'webhook { id status }') =>
  client.ask(`mutation ($input: ${inputOf(field)}!) { ${field}(input: $input) { ${selected} } }`, { input });

const newKind = () => `kind-${randomUUID().slice(0, 8)}`;
const sequencesOf = (receiver: Receiver) => receiver.events.map(({ body }) => body.sequence as number);

describe('a webhook', () => {
  test('sends what a subscriber gets, signed, in order, and says what it follows', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const { secret } = await createWebhook(receiver, kind);
    const ids = [await happen(kind), await happen(kind), await happen(kind)];
    await happen(newKind());
    const events = await receiver.received(3);
    expect(events.map(({ body }) => body.data.flowUpdates.flow.id)).toEqual(ids);
    expect(events[0]!.body).toMatchObject({
      type: 'flow.created',
      stream: 'flowUpdates',
      attempt: 1,
      replayId: null,
      data: { flowUpdates: { type: 'flow.created', flow: { kind, name: 'x' } } },
    });
    expect(events[0]!.body.data.flowUpdates.sequence).toBe(events[0]!.body.sequence);
    expect(events.map(({ body }) => body.previousSequence).slice(1)).toEqual(sequencesOf(receiver).slice(0, 2));
    for (const { text, headers } of events)
      expect(new Webhook(secret).verify(text, headers as Record<string, string>)).toEqual(JSON.parse(text));
    expect(new Set(events.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  }, 60_000);

  test('is told of as it was to whoever sends the mutation that made it again after it was deleted', async () => {
    await using receiver = await Receiver.start();
    const create = `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id position lag oldestPendingAt nextAttemptAt } } }`;
    const kind = newKind();
    const webhook = { name: kind, url: receiver.url, document: watched(kind) };
    const input = { webhook, idempotencyKey: 'made-and-deleted' };
    const made = (await client.ask(create, { input })).createWebhook.webhook;
    await act('deleteWebhook', { id: made.id }, 'deletedWebhookId');
    expect((await client.ask(create, { input })).createWebhook.webhook).toMatchObject({
      id: made.id,
      lag: 0,
      oldestPendingAt: null,
      nextAttemptAt: null,
    });
  });

  test('gives the same events as the page, in the same shape', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    await createWebhook(receiver, kind);
    for (let n = 0; n < 5; n += 1) await happen(kind);
    const events = await receiver.received(5);
    const { flowEvents } = await client.ask(
      `query ($kind: [String!]) { flowEvents(filter: { kind: $kind }) { nodes { ${selection} cursor } } }`,
      { kind: [kind] },
    );
    const sent = events.map(({ body }) => ({ ...body.data.flowUpdates, cursor: body.cursor }));
    expect(sent).toEqual(flowEvents.nodes);
  }, 60_000);

  test('skips nothing when its receiver is in trouble, and sends it again under its first id', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const { webhook } = await createWebhook(receiver, kind);
    let troubled = true;
    receiver.answer = ({ body }) => ({
      status: troubled && body.type !== 'webhook.test' ? 503 : 200,
      headers: { 'retry-after': '0' },
    });
    const ids = [await happen(kind), await happen(kind)];
    await receiver.received(1);
    await eventually(async () =>
      expect(await state(webhook.id)).toMatchObject({ status: 'FAILING', lag: expect.any(Number) }),
    );
    troubled = false;
    const events = await receiver.received(3, 30_000);
    expect(events[1]!.headers['webhook-id']).toBe(events[0]!.headers['webhook-id']);
    expect(events.slice(1).map(({ body }) => body.data.flowUpdates.flow.id)).toEqual(ids);
    expect(events[1]!.body.attempt).toBe(2);
    await eventually(async () =>
      expect(await state(webhook.id)).toMatchObject({ status: 'ACTIVE', failingSince: null }),
    );
  }, 60_000);

  test('takes a message that is refused for good as a dead letter, and sends the next one; a replay sends it after all', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const { webhook } = await createWebhook(receiver, kind);
    let refuses = true;
    receiver.answer = ({ body }) =>
      refuses && body.data?.flowUpdates?.flow?.id === poison
        ? { status: 422, headers: { 'webhook-delivery': 'abort-message' } }
        : { status: 200 };
    const poison = await happen(kind);
    const next = await happen(kind);
    const events = await receiver.received(2);
    expect(events[1]!.body.data.flowUpdates.flow.id).toBe(next);
    const { deadLetters } = await state(webhook.id);
    expect(deadLetters).toMatchObject({ totalCount: 1, nodes: [{ state: 'DEAD', type: 'flow.created', attempts: 1 }] });
    refuses = false;
    const { replayWebhook } = await act(
      'replayWebhook',
      { id: webhook.id, deadLetterIds: [deadLetters.nodes[0].id] },
      'events replay { id }',
    );
    expect(replayWebhook.events).toBe(1);
    const [, , again] = await receiver.received(3);
    expect(again!.headers['webhook-id']).toBe(events[0]!.headers['webhook-id']);
    expect(again!.body.replayId).toBe(replayWebhook.replay.id);
    await eventually(async () => expect((await state(webhook.id)).deadLetters.nodes[0].state).toBe('SENT'));
  }, 60_000);

  test('replays beside what happens, each in order', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const { webhook } = await createWebhook(receiver, kind);
    for (let n = 0; n < 6; n += 1) await happen(kind);
    const first = [...(await receiver.received(6))];
    const { replayWebhook } = await act(
      'replayWebhook',
      { id: webhook.id, fromSequence: first[0]!.body.sequence },
      'events replay { id }',
    );
    await happen(kind);
    await receiver.received(13);
    const replayed = receiver.events.filter(({ body }) => body.replayId === replayWebhook.replay.id);
    expect(replayed.map(({ headers }) => headers['webhook-id'])).toEqual(
      receiver.events
        .filter(({ body }) => body.replayId === null)
        .slice(0, replayed.length)
        .map(({ headers }) => headers['webhook-id']),
    );
    await eventually(async () => expect((await state(webhook.id)).replays[0].finishedAt).not.toBeNull());
  }, 60_000);

  test('sends batches, and finds the one event that spoils one', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const { webhook } = await createWebhook(receiver, kind, { maxBatch: 10 });
    await act('pauseWebhook', { id: webhook.id });
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(await happen(kind));
    receiver.answer = ({ body }) => {
      const carried = (body.events ?? []) as any[];
      const spoilt = carried.some(({ data }) => data.flowUpdates.flow.id === ids[2]);
      if (!spoilt) return { status: 200 };
      return carried.length > 1 ? { status: 400 } : { status: 400, headers: { 'webhook-delivery': 'abort-message' } };
    };
    await act('resumeWebhook', { id: webhook.id });
    await eventually(async () => expect((await state(webhook.id)).deadLetters.totalCount).toBe(1), {
      timeoutMs: 20_000,
    });
    await eventually(() => {
      const taken = receiver.events
        .filter(({ body }) => body.events.length === 1)
        .map(({ body }) => body.events[0].data.flowUpdates.flow.id);
      expect(taken).toEqual(ids);
    });
    expect(receiver.events[0]!.body.events).toHaveLength(5);
  }, 60_000);

  test('holds up with ENTITY what is about the same flow, and nothing else', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const { webhook } = await createWebhook(receiver, kind, { ordering: 'ENTITY' });
    const refused = (body: any) => body.data?.flowUpdates?.flow?.id === stuck && body.type === 'flow.created';
    receiver.answer = ({ body }) => ({ status: refused(body) ? 422 : 200 });
    const stuck = await happen(kind);
    await client.ask('mutation ($id: ID!) { cancelFlow(input: { flowId: $id }) { flow { id } } }', { id: stuck });
    const others = [await happen(kind), await happen(kind)];
    await eventually(() => {
      const taken = receiver.events.map(({ body }) => body.data.flowUpdates.flow.id).filter((id) => id !== stuck);
      expect(taken).toEqual(others);
    });
    const { position, deadLetters, nextAttemptAt } = await state(webhook.id);
    expect(Date.parse(nextAttemptAt)).toBeGreaterThan(Date.now());
    const ofStuck = receiver.events.filter(({ body }) => body.data.flowUpdates.flow.id === stuck);
    expect(ofStuck.map(({ body }) => body.type)).toEqual(['flow.created']);
    expect(position).toBeLessThan(ofStuck[0]!.body.sequence);
    expect(deadLetters.totalCount).toBe(0);
  }, 60_000);

  test('sends side by side with NONE, each once', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const { webhook } = await createWebhook(receiver, kind, { ordering: 'NONE' });
    await act('pauseWebhook', { id: webhook.id });
    const ids: string[] = [];
    for (let n = 0; n < 6; n += 1) ids.push(await happen(kind));
    let [open, most] = [0, 0];
    receiver.answer = () => {
      most = Math.max(most, (open += 1));
      setTimeout(() => (open -= 1), 700);
      return { status: 200, waitMs: 700 };
    };
    await act('resumeWebhook', { id: webhook.id });
    const events = await receiver.received(6);
    await eventually(async () => expect(await state(webhook.id)).toMatchObject({ lag: 0, status: 'ACTIVE' }));
    expect(receiver.events).toHaveLength(6);
    expect(events.map(({ body }) => body.data.flowUpdates.flow.id).sort()).toEqual(ids.sort());
    expect(most).toBeGreaterThan(2);
  }, 60_000);

  test('says with NONE, too, which attempt at a message each is, whatever came of those before', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const { webhook } = await createWebhook(receiver, kind, { ordering: 'NONE' });
    let troubled = true;
    receiver.answer = ({ body }) => ({
      status: troubled && body.type !== 'webhook.test' ? 503 : 200,
      headers: { 'retry-after': '0' },
    });
    await happen(kind);
    await receiver.received(1);
    troubled = false;
    await receiver.received(2, 30_000);
    await happen(kind);
    const sent = await receiver.received(3);
    expect(sent.map(({ body }) => body.attempt)).toEqual([1, 2, 1]);
    const told = async () => (await state(webhook.id)).attempts.nodes.filter((each: any) => each.events > 0);
    await eventually(async () =>
      expect((await told()).map((each: any) => [each.outcome, each.attempt])).toEqual([
        ['DELIVERED', 1],
        ['DELIVERED', 2],
        ['RETRY', 1],
      ]),
    );
  }, 60_000);

  test('is disabled at once by 410, which admins are told, and goes on where it stood when it is resumed', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const { webhook } = await createWebhook(receiver, kind);
    receiver.answer = () => ({ status: 410 });
    const id = await happen(kind);
    await eventually(async () =>
      expect(await state(webhook.id)).toMatchObject({ status: 'DISABLED', statusReason: 'GONE' }),
    );
    const alertOf = async (): Promise<any> => {
      const { alerts } = await client.ask(
        'query ($kind: String) { alerts(filter: { search: $kind }) { nodes { status title labels } } }',
        { kind },
      );
      return alerts.nodes[0];
    };
    await eventually(
      async () =>
        expect(await alertOf()).toMatchObject({
          status: 'FIRING',
          title: `Webhook “${kind}” was disabled`,
          labels: { webhookId: webhook.id, reason: 'GONE' },
        }),
      { timeoutMs: 20_000 },
    );
    await eventually(
      () => {
        const told = mail.mails.filter(({ text }) => text.includes(kind)).flatMap(({ to }) => to);
        expect(told).toContain('owner@acme.example');
        expect(told.filter((address) => !/^(owner|admin)@acme\.example$/.test(address))).toEqual([]);
      },
      { timeoutMs: 20_000 },
    );
    receiver.answer = () => ({ status: 200 });
    await act('resumeWebhook', { id: webhook.id });
    const events = await receiver.received(2);
    expect(events[1]!.body.data.flowUpdates.flow.id).toBe(id);
    await eventually(async () => expect(await alertOf()).toMatchObject({ status: 'RESOLVED' }), { timeoutMs: 20_000 });
  }, 90_000);

  test('reaches nothing of the product itself, though its network is open', async () => {
    await using receiver = await Receiver.start();
    const { createWebhook: made } = await client.ask(
      'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }',
      {
        input: {
          webhook: { name: 'x', url: `http://127.0.0.2:${new URL(product.url).port}/graphql`, document: watched('x') },
        },
      },
    );
    await eventually(async () =>
      expect((await state(made.webhook.id)).attempts.nodes).toMatchObject([{ outcome: 'REFUSED', statusCode: null }]),
    );
    await act('deleteWebhook', { id: made.webhook.id }, 'deletedWebhookId');
    expect(receiver.requests).toEqual([]);
  });

  test('signs with both secrets while one is rolled, and with the new one alone afterwards', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const { webhook, secret: old } = await createWebhook(receiver, kind);
    const { rollWebhookSecret } = await act(
      'rollWebhookSecret',
      { id: webhook.id },
      'secret webhook { secrets { id validUntil } }',
    );
    expect(rollWebhookSecret.webhook.secrets).toHaveLength(2);
    await happen(kind);
    const [both] = await receiver.received(1);
    for (const secret of [old, rollWebhookSecret.secret])
      expect(new Webhook(secret).verify(both!.text, both!.headers as Record<string, string>)).toEqual(both!.body);
    const { rollWebhookSecret: last } = await act('rollWebhookSecret', { id: webhook.id, overlapHours: 0 }, 'secret');
    await happen(kind);
    const [, after] = await receiver.received(2);
    expect(new Webhook(last.secret).verify(after!.text, after!.headers as Record<string, string>)).toEqual(after!.body);
    expect(() => new Webhook(old).verify(after!.text, after!.headers as Record<string, string>)).toThrow();
  }, 60_000);

  test('signs what still waits with the new secret as soon as it is rolled', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const { webhook } = await createWebhook(receiver, kind, { maxPerSecond: 4 });
    await act('pauseWebhook', { id: webhook.id });
    for (let n = 0; n < 8; n += 1) await happen(kind);
    await act('resumeWebhook', { id: webhook.id });
    await receiver.received(1);
    const { rollWebhookSecret } = await act('rollWebhookSecret', { id: webhook.id, overlapHours: 0 }, 'secret');
    // One may be under way.
    const before = receiver.events.length + 1;
    await eventually(() => expect(new Set(sequencesOf(receiver)).size).toBe(8), { timeoutMs: 20_000 });
    const after = receiver.events.slice(before);
    expect(after.length).toBeGreaterThan(2);
    for (const { text, headers, body } of after)
      expect(new Webhook(rollWebhookSecret.secret).verify(text, headers as Record<string, string>)).toEqual(body);
  }, 60_000);

  test('is a CloudEvent when it is asked to be', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const { webhook } = await createWebhook(receiver, kind, { format: 'CLOUDEVENTS', signing: 'BOTH' });
    expect(webhook.publicKey).toMatch(/^whpk_/);
    await happen(kind);
    const [event] = await receiver.received(1);
    expect(event!.headers['content-type']).toBe('application/cloudevents+json');
    expect(event!.headers['webhook-signature']).toMatch(/^v1,\S+ v1a,\S+$/);
    expect(event!.body).toMatchObject({
      specversion: '1.0',
      type: 'flow.created',
      id: event!.headers['webhook-id'],
      data: { flowUpdates: { flow: { kind } } },
    });
  }, 60_000);

  test('sends nothing more while a retry waits once its key is revoked, and is paused', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const { createApiKey: key } = await client.ask(
      `mutation { createApiKey(input: { name: "hooks", scopes: ["flow.read", "webhook.read", "webhook.write"] }) { secret apiKey { id } } }`,
    );
    const { createWebhook: made } = await askGateway(
      new URL(product.url).origin,
      { 'x-api-key': key.secret },
      'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }',
      { input: { webhook: { name: kind, url: receiver.url, document: watched(kind) } } },
    );
    const { id } = made.webhook;
    await eventually(async () => expect((await state(id)).status).toBe('ACTIVE'), { timeoutMs: 40_000 });
    receiver.answer = () => ({ status: 503 });
    await happen(kind);
    await receiver.received(1);
    await eventually(async () => expect((await state(id)).status).toBe('FAILING'));
    await client.ask('mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id } } }', {
      id: key.apiKey.id,
    });
    receiver.answer = () => ({ status: 200 });
    await eventually(
      async () => expect(await state(id)).toMatchObject({ status: 'PAUSED', statusReason: 'OWNER_GONE' }),
      { timeoutMs: 20_000 },
    );
    expect(receiver.events).toHaveLength(1);
  }, 60_000);

  test.each(['STREAM', 'NONE'])(
    'of order %s is sent nothing that still waits for its turn once its key is revoked',
    async (ordering) => {
      await using receiver = await Receiver.start();
      const kind = newKind();
      const { createApiKey: key } = await client.ask(
        `mutation { createApiKey(input: { name: "paced", scopes: ["flow.read", "webhook.read", "webhook.write"] }) { secret apiKey { id } } }`,
      );
      const webhook = { name: kind, url: receiver.url, document: watched(kind), ordering, maxPerSecond: 1 };
      const { createWebhook: made } = await askGateway(
        new URL(product.url).origin,
        { 'x-api-key': key.secret },
        'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }',
        { input: { webhook } },
      );
      await eventually(async () => expect((await state(made.webhook.id)).status).toBe('ACTIVE'), { timeoutMs: 40_000 });
      await Promise.all(Array.from({ length: 8 }, () => happen(kind)));
      await receiver.received(1);
      await client.ask('mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id } } }', {
        id: key.apiKey.id,
      });
      await delay(2_000);
      const before = receiver.events.length;
      await delay(4_000);
      expect(receiver.events).toHaveLength(before);
      expect(await state(made.webhook.id)).toMatchObject({ status: 'PAUSED', statusReason: 'OWNER_GONE' });
    },
    60_000,
  );

  test('is told of live and as a page when it fails, recovers, gives an event up, and is disabled', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const { webhook } = await createWebhook(receiver, kind);
    const page = (after: string | null, first = 50) =>
      client.ask(
        `query ($id: [ID!], $first: Int!, $after: Cursor) { webhookEvents(webhookId: $id, first: $first, after: $after) {
          nodes { sequence cursor type data webhook { id } } pageInfo { endCursor hasNextPage } } }`,
        { id: [webhook.id], first, after },
      );
    const start = (await page(null)).webhookEvents;
    expect(start.nodes.map(({ type }: { type: string }) => type)).toEqual(['webhook.activated']);
    const watching = client.watch(
      'subscription ($id: [ID!], $after: Cursor) { webhookUpdates(webhookId: $id, after: $after) { sequence cursor type data webhook { id } } }',
      { id: [webhook.id], after: start.pageInfo.endCursor },
    );
    const answers: ScriptedAnswer[] = [
      { status: 503, headers: { 'retry-after': '0' } },
      { status: 200 },
      { status: 422, headers: { 'webhook-delivery': 'abort-message' } },
      { status: 410 },
    ];
    receiver.answer = () => answers.shift()!;
    for (let n = 0; n < 3; n += 1) await happen(kind);
    const live: any[] = [];
    while (live.length < 4) live.push((await watching.next()).value.data.webhookUpdates);
    await watching.return(undefined);
    expect(live.map(({ type, data }) => [type, data.reason ?? data.attempts ?? null])).toEqual([
      ['webhook.failing', null],
      ['webhook.recovered', null],
      ['webhook.dead_letter', 1],
      ['webhook.disabled', 'GONE'],
    ]);
    const { webhookEvents } = await page(start.pageInfo.endCursor);
    expect(webhookEvents.nodes).toEqual(live);
    const behindTwo = (await page(live[1].cursor, 1)).webhookEvents;
    expect(behindTwo.nodes).toEqual([live[2]]);
    expect(behindTwo.pageInfo.hasNextPage).toBe(true);
    await act('deleteWebhook', { id: webhook.id }, 'deletedWebhookId');
    const [gone] = (await page(live[3].cursor)).webhookEvents.nodes;
    expect(gone).toMatchObject({ type: 'webhook.deleted', webhook: null });
  }, 60_000);

  test('is shown before it is made as the requests that it would have sent, and then sends the same', async () => {
    await using receiver = await Receiver.start();
    const kind = newKind();
    const ids = [await happen(kind), await happen(kind), await happen(kind)];
    await happen(newKind());
    const input = { name: kind, url: receiver.url, document: watched(kind), headers: [{ name: 'X-Own', value: 'v' }] };
    const preview = (given: object, last: number) =>
      client.send(
        `query ($input: WebhookInput!, $last: Int!) { previewWebhook(input: $input, last: $last) { cost stream requests { headers body sequence } } }`,
        { input: { ...input, ...given }, last },
      );
    const { data } = await preview({}, 2);
    const shown = data!['previewWebhook'];
    expect(shown).toMatchObject({ stream: 'flowUpdates', cost: expect.any(Number) });
    const bodies = shown.requests.map(({ body }: { body: string }) => JSON.parse(body));
    expect(bodies.map(({ data: { flowUpdates } }: any) => flowUpdates.flow.id)).toEqual(ids.slice(1));
    expect(bodies[1].previousSequence).toBe(bodies[0].sequence);
    expect(Object.keys(shown.requests[0].headers).sort()).toEqual(
      ['content-type', 'user-agent', 'webhook-id', 'webhook-signature', 'webhook-timestamp', 'x-own'].sort(),
    );
    const batch = (await preview({ maxBatch: 10 }, 20)).data!['previewWebhook'];
    expect(JSON.parse(batch.requests[0].body).events).toHaveLength(3);
    expect(receiver.requests).toHaveLength(0);
    const before = await client.ask(
      `query ($kind: [String!]) { flowEvents(filter: { kind: $kind }, first: 1) { pageInfo { endCursor } } }`,
      { kind: [kind] },
    );
    await createWebhook(receiver, kind, { ...input, startAfter: before.flowEvents.pageInfo.endCursor });
    const sent = await receiver.received(2);
    const own = ({ webhookId: _id, previousSequence: _previous, ...rest }: any) => rest;
    expect(sent.map(({ body }) => own(body))).toEqual(bodies.map(own));
    expect((await preview({ url: 'http://example.com/x' }, 1)).errors?.[0]?.extensions).toMatchObject({
      details: { reason: 'PLAIN_HTTP' },
    });
    expect((await preview({}, 21)).errors?.[0]?.extensions).toMatchObject({ details: { field: 'last' } });
  }, 60_000);

  test('sends a test on demand, and says what came of it', async () => {
    await using receiver = await Receiver.start();
    const { webhook } = await createWebhook(receiver, newKind());
    receiver.answer = () => ({ status: 500 });
    const { testWebhook } = await act('testWebhook', { id: webhook.id }, 'attempt { outcome statusCode answer }');
    expect(testWebhook.attempt).toEqual({ outcome: 'REFUSED', statusCode: 500, answer: 'taken' });
  }, 60_000);

  test.each([
    ['http://example.com/hook', 'PLAIN_HTTP'],
    ['https://10.0.0.1/hook', 'URL_REFUSED'],
    ['https://localhost/hook', 'URL_REFUSED'],
    ['https://user:secret@example.com/hook', 'URL_REFUSED'],
    ['https://example.com:8443/hook', 'URL_REFUSED'],
    ['ftp://example.com', 'URL_REFUSED'],
  ])('is refused for %s', async (url, reason) => {
    const answer = await client.send(
      'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }',
      { input: { webhook: { name: 'x', url, document: watched('x') } } },
    );
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', details: { field: 'url', reason } });
  });

  test('is refused for a document that is no subscription to a stream', async () => {
    const answer = await client.send(
      'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }',
      { input: { webhook: { name: 'x', url: 'https://example.com/hook', document: '{ viewer { permissions } }' } } },
    );
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      code: 'INVALID_INPUT',
      details: { reason: 'NOT_A_STREAM' },
    });
  });
});

describe('people', () => {
  test('are told by mail and by a request of what a rule finds in traces, and that it is over', async () => {
    await using receiver = await Receiver.start();
    const team = newKind();
    const channel = async (kind: string, settings: object): Promise<string> =>
      (await act('createChannel', { channel: { name: team, kind, settings } }, 'channel { id }')).createChannel.channel
        .id;
    const channelIds = [
      await channel('EMAIL', { to: [`${team}@example.com`] }),
      await channel('WEBHOOK', { url: receiver.url }),
    ];
    const rule = {
      name: team,
      metric: 'ERRORS',
      comparison: 'ABOVE',
      threshold: 1,
      windowSeconds: 300,
      everySeconds: 10,
      severity: 'CRITICAL',
      delaySeconds: 0,
      scope: { agent: [team] },
      labels: { team },
    };
    const {
      rule: { id },
    } = (await act('createAlertRule', { rule }, 'rule { id }')).createAlertRule;
    // Routes name labels that a rule gives.
    const { alertRoutes } = await client.ask('{ alertRoutes { version } }');
    const route = {
      name: team,
      matchers: [{ label: 'team', values: [team] }],
      groupWaitSeconds: 1,
      groupIntervalSeconds: 10,
      steps: [{ afterSeconds: 0, channelIds }],
    };
    await act('setAlertRoutes', { version: alertRoutes.version, routes: [route] }, 'routes { version }');
    const startedAt = new Date(Date.now() - 5_000).toISOString();
    const traces = [1, 2, 3].map((n) => ({
      externalId: `${team}-${n}`,
      startedAt,
      durationMs: 10,
      status: 'ERROR',
      agent: team,
      operation: 'answer',
    }));
    await act('ingestTraces', { traces }, 'accepted');
    const mailsOf = () => mail.mails.filter(({ to }) => to.includes(`${team}@example.com`)).map(({ text }) => text);
    await eventually(
      () => {
        expect(receiver.requests.map(({ body }) => body.type)).toEqual(['notification.fired']);
        expect(mailsOf()).toHaveLength(1);
      },
      { timeoutMs: 40_000 },
    );
    expect(receiver.requests[0]!.body.data).toMatchObject({
      route: team,
      alerts: [{ status: 'FIRING', severity: 'CRITICAL', labels: { team } }],
    });
    const alertId = receiver.requests[0]!.body.data.alerts[0].id;
    await act('deleteAlertRule', { id }, 'deletedAlertRuleId');
    await eventually(
      () =>
        expect(receiver.requests.map(({ body }) => body.type)).toEqual(['notification.fired', 'notification.resolved']),
      { timeoutMs: 40_000 },
    );
    await eventually(() => expect(mailsOf()[1]).toContain('Subject: [RESOLVED]'));
    // A mail arrives before it is written down.
    await eventually(async () => {
      const { alert } = await client.ask(
        'query ($id: ID!) { alert(id: $id) { status notifications { nodes { kind outcome channel { kind } } } } }',
        { id: alertId },
      );
      expect(alert.status).toBe('RESOLVED');
      expect(alert.notifications.nodes).toHaveLength(4);
    });
  }, 120_000);
});
