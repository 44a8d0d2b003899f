import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ChannelKind } from '@tributary/contracts/values';
import type { Principal } from '@tributary/contracts/principal';
import { newUuid } from '@tributary/kernel';
import { eventually } from '@tributary/kit';
import { codesOf, person } from '@tributary/kit/world';
import { Webhook } from 'standardwebhooks';
import { anAlert, DeliveryWorld } from '../../subgraphs/delivery/test/deliveryWorld.js';
import { Receiver } from './Receiver.js';
import { SmtpSink } from './SmtpSink.js';

let sink: SmtpSink;
let world: DeliveryWorld;
let admin: Principal;
let workspaceId: string;

beforeAll(async () => {
  sink = await SmtpSink.start();
  world = await DeliveryWorld.start({ url: sink.url, from: 'Tributary <alerts@example.com>' });
}, 60_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await sink[Symbol.asyncDispose]();
});
beforeEach(() => {
  workspaceId = newUuid();
  admin = person(workspaceId, 'ADMIN');
  sink.refuses = null;
});

const create =
  'mutation ($input: CreateChannelInput!) { createChannel(input: $input) { channel { id status version } } }';
const routingKey = 'R0123456789ABCDEF0123456789ABCDE';

async function newChannel(kind: ChannelKind, settings: object, secret: string | null = null): Promise<any> {
  const input = { channel: { name: `By ${kind}`, kind, settings, secret } };
  const { channel } = (await world.get(admin, create, { input })).createChannel;
  return { ...channel, uuid: (channel.id as string).replace('channel_', '') };
}

async function stateOf(id: string): Promise<any> {
  const { channels } = await world.get(admin, '{ channels { id status statusReason failingSince } }');
  return channels.find((each: { id: string }) => each.id === id);
}

async function sentFor(alertId: string): Promise<any[]> {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Alert { notifications { nodes { kind outcome answer channel { name } } } } } }`;
  const of = [{ __typename: 'Alert', id: `alert_${alertId}` }];
  return (await world.get(admin, query, { of }))._entities[0].notifications.nodes;
}

describe('a channel', () => {
  test('of mail tells everybody, in one thread for each group', async () => {
    const { uuid } = await newChannel('EMAIL', { to: ['ann@example.com', 'bob@example.com'] });
    const alert = anAlert();
    await world.decide(workspaceId, { channelIds: [uuid], alerts: [alert] });
    await world.decide(workspaceId, {
      channelIds: [uuid],
      kind: 'RESOLVED',
      alerts: [{ ...alert, status: 'RESOLVED' }],
    });
    await world.sendDue();
    const [fired, resolved] = sink.mails.splice(0);
    expect(fired).toMatchObject({ to: ['ann@example.com', 'bob@example.com'] });
    expect(fired!.text).toContain('Subject: [CRITICAL] Error rate is high');
    expect(resolved!.text).toContain('Subject: [RESOLVED] Error rate is high');
    expect(fired!.text).toMatch(/List-Unsubscribe: <mailto:alerts@example.com/);
    const thread = (text: string) => /^References: (.+)$/m.exec(text)?.[1];
    expect(thread(resolved!.text)).toBe(thread(fired!.text));
    expect(await sentFor(alert.alertId)).toMatchObject([
      { kind: 'RESOLVED', outcome: 'DELIVERED', channel: { name: 'By EMAIL' } },
      { kind: 'FIRED', outcome: 'DELIVERED' },
    ]);
  });

  test('keeps whoever names an alert from writing headers of a mail', async () => {
    const { uuid } = await newChannel('EMAIL', { to: ['ann@example.com'] });
    const alerts = [anAlert({ title: 'x\r\nBcc: eve@example.com' })];
    await world.decide(workspaceId, { channelIds: [uuid], alerts });
    await world.sendDue();
    const [mail] = sink.mails.splice(0);
    expect(mail!.to).toEqual(['ann@example.com']);
    expect(mail!.text).not.toMatch(/^Bcc:/m);
  });

  test('of mail waits when the server says later, and goes on when it says never', async () => {
    const { id, uuid } = await newChannel('EMAIL', { to: ['ann@example.com'] });
    const [first, second] = [anAlert(), anAlert()];
    await world.decide(workspaceId, { channelIds: [uuid], alerts: [first] });
    await world.decide(workspaceId, { channelIds: [uuid], alerts: [second] });
    sink.refuses = 450;
    await world.sendDue();
    expect(await stateOf(id)).toMatchObject({ status: 'FAILING' });
    expect(await sentFor(first.alertId)).toMatchObject([{ outcome: 'RETRY' }]);
    sink.refuses = 550;
    await world.pass(10);
    await world.sendDue();
    sink.refuses = null;
    expect(await sentFor(first.alertId)).toMatchObject([{ outcome: 'DEAD_LETTER' }]);
    expect(await sentFor(second.alertId)).toMatchObject([{ outcome: 'DEAD_LETTER' }]);
  });

  test('of Slack writes by an incoming webhook, and nobody is addressed by a title', async () => {
    await using slack = await Receiver.start();
    const { uuid } = await newChannel('SLACK', {}, slack.url);
    await world.decide(workspaceId, { channelIds: [uuid], alerts: [anAlert({ title: '<!channel> look' })] });
    await world.sendDue();
    const [request] = slack.requests;
    expect(request!.body.blocks[0].text.text).toBe('*[CRITICAL] &lt;!channel&gt; look*');
  });

  test('of Slack by a bot gathers a group in the thread of its first message', async () => {
    await using slack = await Receiver.start();
    let number = 0;
    slack.answer = () => ({ status: 200, text: JSON.stringify({ ok: true, ts: `17.${(number += 1)}` }) });
    const { uuid } = await newChannel('SLACK', { channel: '#ops', url: slack.url.replace('/hook', '/api') }, 'xoxb-1');
    for (const kind of ['FIRED', 'UPDATED', 'REPEATED'] as const)
      await world.decide(workspaceId, { channelIds: [uuid], kind });
    await world.sendDue();
    expect(slack.requests.map(({ body }) => body.thread_ts)).toEqual([undefined, '17.1', '17.1']);
    expect(slack.requests[0]).toMatchObject({
      path: '/api/chat.postMessage',
      headers: { authorization: 'Bearer xoxb-1' },
    });
  });

  test('of Slack takes an error in the body for what it is', async () => {
    await using slack = await Receiver.start();
    slack.answer = () => ({ status: 200, text: JSON.stringify({ ok: false, error: 'channel_not_found' }) });
    const { uuid } = await newChannel('SLACK', { channel: '#gone', url: slack.url }, 'xoxb-1');
    const alert = anAlert();
    await world.decide(workspaceId, { channelIds: [uuid], alerts: [alert] });
    await world.sendDue();
    expect(await sentFor(alert.alertId)).toMatchObject([{ outcome: 'DEAD_LETTER' }]);
  });

  test('of PagerDuty triggers, acknowledges and resolves one incident for each fingerprint', async () => {
    await using pager = await Receiver.start();
    pager.answer = () => ({ status: 202 });
    const { uuid } = await newChannel('PAGERDUTY', { url: pager.url }, routingKey);
    const one = anAlert({ severity: 'WARNING', status: 'ACKNOWLEDGED' });
    const other = anAlert({ severity: 'INFO', fingerprint: `rule:${'x'.repeat(300)}` });
    for (const alerts of [[one, other], [{ ...one, status: 'RESOLVED' as const }]])
      await world.decide(workspaceId, { channelIds: [uuid], alerts });
    await world.sendDue();
    expect(pager.requests.map(({ body }) => body.event_action)).toEqual(['acknowledge', 'trigger', 'resolve']);
    const [acknowledged, triggered, resolved] = pager.requests.map(({ body }) => body.dedup_key as string);
    expect(acknowledged).toBe(`${workspaceId}/rule:1`);
    expect(resolved).toBe(acknowledged);
    expect(triggered).toMatch(/^[0-9a-f]{64}$/);
    expect(pager.requests[1]!.body).toMatchObject({
      routing_key: routingKey,
      payload: { severity: 'info', source: 'tributary', summary: expect.stringContaining('Error rate is high') },
    });
  });

  test('of PagerDuty says all of a group again when one of it was not taken, and nothing changes there', async () => {
    await using pager = await Receiver.start();
    pager.answer = (_request, number) => ({ status: number === 2 ? 429 : 202 });
    const { uuid } = await newChannel('PAGERDUTY', { url: pager.url }, routingKey);
    const alerts = [anAlert({ fingerprint: 'a' }), anAlert({ fingerprint: 'b' })];
    await world.decide(workspaceId, { channelIds: [uuid], alerts });
    await world.sendDue();
    expect(await sentFor(alerts[1]!.alertId)).toMatchObject([{ outcome: 'RETRY' }]);
    await world.pass(10);
    await world.sendDue();
    const keys = pager.requests.map(({ body }) => (body.dedup_key as string).at(-1));
    expect(keys).toEqual(['a', 'b', 'a', 'b']);
    expect(await sentFor(alerts[0]!.alertId)).toMatchObject([{ outcome: 'DELIVERED' }]);
  });

  test('of kind webhook signs what it sends', async () => {
    await using receiver = await Receiver.start();
    const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    const { uuid } = await newChannel('WEBHOOK', { url: receiver.url }, secret);
    await world.decide(workspaceId, { channelIds: [uuid] });
    await world.sendDue();
    const [request] = receiver.requests;
    expect(new Webhook(secret).verify(request!.text, request!.headers as Record<string, string>)).toMatchObject({
      type: 'notification.fired',
      data: { route: 'On call', alerts: [{ title: 'Error rate is high' }] },
    });
  });

  test('of kind webhook speaks as Alertmanager does, version 4', async () => {
    await using receiver = await Receiver.start();
    const { uuid } = await newChannel('WEBHOOK', { url: receiver.url, format: 'ALERTMANAGER' }, 'a-token-of-theirs');
    const over = anAlert({ status: 'RESOLVED', resolvedAt: '2026-11-27T16:00:00.000Z' });
    await world.decide(workspaceId, { channelIds: [uuid], group: { agent: 'classifier' }, alerts: [anAlert(), over] });
    await world.sendDue();
    const [request] = receiver.requests;
    expect(request!.headers.authorization).toBe('Bearer a-token-of-theirs');
    expect(request!.body).toMatchObject({
      version: '4',
      status: 'firing',
      receiver: 'By WEBHOOK',
      groupLabels: { agent: 'classifier' },
      commonLabels: { alertname: 'Error rate is high', severity: 'critical', agent: 'classifier', threshold: '5' },
      alerts: [
        {
          status: 'firing',
          startsAt: '2026-11-27T15:03:58.100Z',
          endsAt: '0001-01-01T00:00:00Z',
          fingerprint: 'rule:1',
        },
        { status: 'resolved', endsAt: '2026-11-27T16:00:00.000Z' },
      ],
    });
  });

  test('is given up after five days, and tries again when it is changed', async () => {
    await using receiver = await Receiver.start();
    receiver.answer = () => ({ status: 503 });
    const { id, uuid, version } = await newChannel('WEBHOOK', { url: receiver.url });
    await world.decide(workspaceId, { channelIds: [uuid] });
    for (const seconds of [0, 4 * 86_400, 86_400]) {
      await world.pass(seconds);
      expect((await stateOf(id)).status).not.toBe('DISABLED');
      await world.sendDue();
    }
    expect(await stateOf(id)).toMatchObject({ status: 'DISABLED', statusReason: 'FAILING_TOO_LONG' });
    const told = () =>
      world.superuser('select type from event where workspace_id = $1 and stream_id = $2 order by seq', [
        workspaceId,
        'deliveries',
      ]);
    expect(await told()).toEqual([{ type: 'channel.disabled' }]);
    receiver.answer = () => ({ status: 200 });
    await world.sendDue();
    expect(receiver.requests).toHaveLength(3);
    const change = 'mutation ($input: UpdateChannelInput!) { updateChannel(input: $input) { channel { status } } }';
    await world.get(admin, change, { input: { id, version: version + 1, name: 'Mended' } });
    await world.sendDue();
    expect(await stateOf(id)).toMatchObject({ status: 'ACTIVE', failingSince: null });
    expect(await told()).toEqual([{ type: 'channel.disabled' }, { type: 'channel.restored' }]);
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([ids[0], ids[0], ids[0], ids[0]]);
  });

  test('that has something to send is seen by whoever runs the product, apart from one whose receiver is in trouble', async () => {
    await using receiver = await Receiver.start();
    await world.sendDue();
    const before = { active: await world.lag('channel', 'ACTIVE'), failing: await world.lag('channel', 'FAILING') };
    receiver.answer = () => ({ status: 503 });
    const { uuid } = await newChannel('WEBHOOK', { url: receiver.url });
    await world.decide(workspaceId, { channelIds: [uuid] });
    expect((await world.lag('channel', 'ACTIVE')).waiting).toBe(before.active.waiting + 1);
    await world.sendDue();
    await world.pass(120);
    expect((await world.lag('channel', 'ACTIVE')).waiting).toBe(before.active.waiting);
    const failing = await world.lag('channel', 'FAILING');
    expect(failing.waiting).toBe(before.failing.waiting + 1);
    expect(failing.seconds).toBeGreaterThanOrEqual(120);
    receiver.answer = () => ({ status: 200 });
    await world.sendDue();
    expect((await world.lag('channel', 'FAILING')).waiting).toBe(before.failing.waiting);
    expect((await world.lag('webhook', 'ACTIVE')).waiting).toBe(0);
  });

  test('says at once what came of a test', async () => {
    await using receiver = await Receiver.start();
    const { id } = await newChannel('PAGERDUTY', { url: receiver.url }, routingKey);
    receiver.answer = () => ({ status: 400, text: 'no such key' });
    const asked = world.get(
      admin,
      'mutation ($input: ChannelActionInput!) { testChannel(input: $input) { outcome answer } }',
      { input: { id } },
    );
    await eventually(async () => {
      await world.sendDue();
      expect(receiver.requests).toHaveLength(1);
    });
    expect((await asked).testChannel).toEqual({ outcome: 'REFUSED', answer: 'no such key' });
    expect(receiver.requests[0]!.body.event_action).toBe('resolve');
  });

  test('tells nothing of another workspace, whoever names it', async () => {
    await using receiver = await Receiver.start();
    const { uuid } = await newChannel('WEBHOOK', { url: receiver.url });
    await world.decide(newUuid(), { channelIds: [uuid] });
    await world.sendDue();
    expect(receiver.requests).toEqual([]);
  });

  test.each<[string, ChannelKind, object, string | null]>([
    ['no receivers of mail', 'EMAIL', { to: [] }, null],
    ['what is no address of mail', 'EMAIL', { to: ['x'] }, null],
    ['a bot that is told no channel', 'SLACK', {}, 'xoxb-1'],
    ['Slack without a secret', 'SLACK', {}, null],
    ['PagerDuty without a key', 'PAGERDUTY', {}, null],
    ['an address within', 'WEBHOOK', { url: 'https://10.0.0.1/' }, null],
    ['a setting that there is not', 'WEBHOOK', { url: 'https://example.com/', colour: 'red' }, null],
    ['a key that is none', 'WEBHOOK', { url: 'https://example.com/' }, 'whsec_!!!'],
  ])('is refused with %s', async (_what, kind, settings, secret) => {
    const input = { channel: { name: 'X', kind, settings, secret } };
    expect(codesOf(await world.ask(admin, create, { input }))).toEqual(['INVALID_INPUT']);
  });
});
