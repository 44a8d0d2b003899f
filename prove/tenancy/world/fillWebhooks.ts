import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Filling {
  /** The canary of a column. */
  readonly of: (column: string) => string;
  readonly run: (query: string, variables?: Record<string, unknown>) => Promise<any>;
  readonly mutate: (field: string, selection: string, input: Record<string, unknown>) => Promise<any>;
  readonly until: (what: string, look: () => Promise<any>) => Promise<any>;
  /** Makes something happen that the webhooks are told of. */
  readonly happen: () => Promise<unknown>;
}

const document = 'subscription { flowUpdates { type sequence flow { name } } }';

/**
 * Channels, and webhooks of every kind: one that was sent something, would not take it and took it in a replay, one whose receiver is in trouble, and one
 * that nobody has answered for. Their receiver is here, and gone afterwards.
 */
export async function fillWebhooks({ of, run, mutate, until, happen }: Filling): Promise<void> {
  let takes = false;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const isTest = Buffer.concat(parts).toString('utf8').includes('"webhook.test"');
      const troubled = request.url?.startsWith('/troubled') && !isTest;
      if (troubled) response.writeHead(503);
      else if (isTest || takes) response.writeHead(200);
      else response.writeHead(422, { 'webhook-delivery': 'abort-message' });
      response.end('said by the receiver');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const webhook = (name: string, url: string) => ({
    webhook: {
      name: `${name} ${of('webhook.name')}`,
      url: `${url}?${of('webhook.url')}`,
      document: `# ${of('webhook.document')}\n${document}`,
      variables: { note: of('webhook.variables') },
      signing: 'BOTH',
      headers: [{ name: `x-${of('webhook.header_names')}`, value: of('webhook.headers') }],
    },
  });
  const isActive = (id: string) =>
    until(
      'a webhook',
      async () => (await run('query ($id: ID!) { webhook(id: $id) { status } }', { id })).webhook.status === 'ACTIVE',
    );
  try {
    const { id } = (await mutate('createWebhook', 'webhook { id }', webhook('Taken', `${at}/taken`))).webhook;
    await isActive(id);
    const troubled = (await mutate('createWebhook', 'webhook { id }', webhook('Troubled', `${at}/troubled`))).webhook
      .id;
    await isActive(troubled);
    await mutate('createWebhook', 'webhook { id }', webhook('Unanswered', 'https://hooks.example.com/unanswered'));
    await mutate('testWebhook', 'attempt { id }', { id });
    await happen();
    await happen();
    const letters = await until('what could not be delivered', async () => {
      const found = await run('query ($id: ID!) { webhook(id: $id) { deadLetters { nodes { id } } } }', { id });
      return found.webhook.deadLetters.nodes.length > 1 ? found.webhook.deadLetters.nodes : null;
    });
    takes = true;
    await mutate('replayWebhook', 'replay { id }', { id, deadLetterIds: [letters[0].id] });
    await mutate('discardDeadLetters', 'discarded', { webhookId: id, ids: [letters[1].id] });
    await mutate('rollWebhookSecret', 'webhook { id }', { id });
    await until('a replay', async () => {
      const found = await run('query ($id: ID!) { webhook(id: $id) { replays { finishedAt } } }', { id });
      return found.webhook.replays[0].finishedAt !== null;
    });
    await mutate('pauseWebhook', 'webhook { id }', { id });
    await mutate('resumeWebhook', 'webhook { id }', { id });
    const { webhook: stands } = await run('query ($id: ID!) { webhook(id: $id) { version } }', { id });
    await mutate('updateWebhook', 'webhook { id }', { id, version: stands.version, patch: { maxPerSecond: 10 } });
    const gone = (await mutate('createWebhook', 'webhook { id }', webhook('Gone', `${at}/gone`))).webhook.id;
    await mutate('deleteWebhook', 'deletedWebhookId', { id: gone });
    const channel = (name: string) => ({
      channel: {
        name: `${name} ${of('channel.name')}`,
        kind: 'WEBHOOK',
        settings: { url: `${at}/taken?${of('channel.settings')}` },
        secret: of('channel.secret'),
      },
    });
    const { channel: told } = await mutate('createChannel', 'channel { id version }', channel('Told'));
    await mutate('testChannel', 'outcome', { id: told.id });
    await mutate('updateChannel', 'channel { id }', { ...told, name: `Told again ${of('channel.name')}` });
    await mutate('setAlertRoutes', 'routes { version }', {
      version: 0,
      routes: [
        {
          name: `Route ${of('alert_route.name')}`,
          matchers: [{ label: 'severity', values: ['CRITICAL', 'WARNING'] }],
          groupBy: ['flowId', 'team'],
          groupWaitSeconds: 3_600,
          steps: [{ afterSeconds: 0, channelIds: [told.id] }],
        },
      ],
    });
    const left = (await mutate('createChannel', 'channel { id }', channel('Left'))).channel.id;
    await mutate('deleteChannel', 'deletedChannelId', { id: left });
    await until('a receiver in trouble', async () => {
      const found = await run('query ($id: ID!) { webhook(id: $id) { status } }', { id: troubled });
      return found.webhook.status === 'FAILING';
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
