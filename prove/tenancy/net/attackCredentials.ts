import { createApiKey, parseApiKey } from '@tributary/auth';
import { sendOperation } from '@tributary/kit/client';
import { compare } from './attackQueries.ts';
import type { Net } from './Net.ts';

type Headers = Readonly<Record<string, string>>;

/** What is public of B's credentials, right after B used them: whatever a gateway remembers of these must not be found by it. */
export async function attackCredentials(net: Net): Promise<void> {
  const { owner, everybody } = net.worlds.b.people;
  const key = everybody.find(({ name }) => name === 'key')!.headers;
  const { keyId } = parseApiKey(key['x-api-key']!);
  const [head, claims, signature] = owner.headers['authorization']!.split('.') as [string, string, string];
  const token = (payload: string, signed: string): Headers => ({ authorization: `${head}.${payload}.${signed}` });
  const unknown = Buffer.from(JSON.stringify({ sub: crypto.randomUUID() })).toString('base64url');
  const other = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  const forgeries: readonly (readonly [what: string, genuine: Headers, forged: Headers, nothing: Headers])[] = [
    [
      'the id of B’s key with another secret',
      key,
      { 'x-api-key': createApiKey(keyId).secret },
      { 'x-api-key': createApiKey().secret },
    ],
    ['the claims of B’s token with another signature', owner.headers, token(claims, other), token(unknown, other)],
    ['the claims of B’s token without a signature', owner.headers, token(claims, ''), token(unknown, '')],
  ];
  for (const [what, genuine, forged, nothing] of forgeries) {
    await compare(net, what, new Map(), async () => {
      const ask = (headers: Headers) =>
        sendOperation(net.cluster.origin, headers, { query: '{ viewer { workspace { id name } } }', variables: {} });
      net.counts.requests += 3;
      const rightful = await ask(genuine);
      if (!rightful.text.includes('"data":{')) throw new Error(`B itself was refused with ${what}: ${rightful.text}`);
      const answer = await ask(forged);
      net.judge.checkSeen(what, answer, '', null);
      if (answer.text.includes('"data":{"viewer":{')) net.judge.report('not refused', what, answer.text);
      return [answer, await ask(nothing)];
    });
  }
}
