import type { Client } from '@tributary/kit/client';
import type { Receiver } from '../../test/webhooks/Receiver.ts';

/** Channels, routes over them that have told of the open alerts, and a webhook with events taken and refused. Answers the webhook's id. */
export async function seedNotices(client: Client, receiver: Receiver): Promise<string> {
  const act = async (field: string, input: object, selected: string) => {
    const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
    const answer = await client.ask(`mutation ($input: ${type}!) { ${field}(input: $input) { ${selected} } }`, {
      input,
    });
    return answer[field];
  };
  const channel = async (given: object) =>
    (await act('createChannel', { channel: given }, 'channel { id }')).channel.id as string;
  const mail = await channel({ name: 'Service desk', kind: 'EMAIL', settings: { to: ['desk@acme.example'] } });
  const hook = await channel({ name: 'Incident tool', kind: 'WEBHOOK', settings: { url: receiver.url } });
  const route = { groupWaitSeconds: 0, groupBy: ['ruleId'] };
  await act(
    'setAlertRoutes',
    {
      version: 0,
      routes: [
        {
          ...route,
          name: 'Critical, day and night',
          matchers: [{ label: 'severity', values: ['CRITICAL'] }],
          goOn: true,
          steps: [
            { afterSeconds: 0, channelIds: [hook] },
            { afterSeconds: 900, channelIds: [mail] },
          ],
        },
        { ...route, name: 'All the rest', matchers: [], steps: [{ afterSeconds: 0, channelIds: [mail] }] },
      ],
    },
    'routes { version }',
  );
  receiver.answer = ({ body }, number) =>
    body.type !== 'webhook.test' && number % 5 === 0
      ? { status: 422, headers: { 'webhook-delivery': 'abort-message' }, text: 'unknown flow' }
      : { status: 200 };
  const document = 'subscription { flowUpdates { type occurredAt status flow { id name status } } }';
  // Behind the first event there is: the flows of the samples have happened already.
  const { flowEvents } = await client.ask('{ flowEvents(first: 1) { pageInfo { endCursor } } }');
  const { webhook } = await act(
    'createWebhook',
    {
      webhook: {
        name: 'Flows to the data warehouse',
        url: receiver.url,
        document,
        startAfter: flowEvents.pageInfo.endCursor,
      },
    },
    'webhook { id }',
  );
  await new Promise((resolve) => setTimeout(resolve, 8_000));
  return webhook.id as string;
}
