import { print, type DocumentNode } from 'graphql';
import { EstateDocument, FlowLifeDocument, type EstateQuery, type FlowLifeSubscription } from '../generated/graphql.ts';
import { access } from '../access.ts';

const { url, authorization } = access();

function post(document: DocumentNode, variables: Record<string, unknown>, accept: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { authorization, accept, 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  });
}

// With this `accept` the status tells what became of the operation.
const answer = await post(EstateDocument as DocumentNode, { first: 5 }, 'application/graphql-response+json');
const { data, errors } = (await answer.json()) as { data?: EstateQuery; errors?: { extensions: { code: string } }[] };
if (!data) throw new Error(`${answer.status}: ${errors?.map(({ extensions }) => extensions.code).join(', ')}`);
console.log(JSON.stringify({ flows: data.flows?.nodes.map(({ name, status }) => ({ name, status })) }));

// A subscription as server-sent events. Each `id` is a cursor: send it back as `Last-Event-ID` to go on behind it.
const stream = await post(FlowLifeDocument as DocumentNode, {}, 'text/event-stream');
let received = '';
for await (const piece of stream.body!.pipeThrough(new TextDecoderStream())) {
  received += piece;
  const next = /^event: next\n(?:id: .*\n)?data: (.*)\n/m.exec(received) ?? /^data: (\{.*\})\n/m.exec(received);
  if (!next) continue;
  const { data: event } = JSON.parse(next[1]!) as { data: FlowLifeSubscription };
  console.log(JSON.stringify({ event: event.flowUpdates.type }));
  break;
}
