import { createHash } from 'node:crypto';
import { send, sendOperation } from '@tributary/kit/client';
import { attackQuery, leavesOf, type Sender } from './attackQueries.ts';
import { inParallel, type Net } from './Net.ts';

/** By the id that the operation is stored under. */
const byId: Sender = (net, person, { variables }, template) =>
  send(
    'POST',
    `${net.cluster.origin}/graphql`,
    { 'content-type': 'application/json', ...person.headers },
    JSON.stringify({ documentId: template.target, variables }),
  );

/** The same over GET. */
const byGet: Sender = (net, person, { variables }, template) => {
  const url = new URL(`${net.cluster.origin}/graphql`);
  url.searchParams.set('documentId', template.target);
  url.searchParams.set('variables', JSON.stringify(variables));
  return send('GET', url.href, person.headers);
};

/** Stored operations with B's ids: whatever is kept under an operation's id must be kept for each asker alone. */
export async function attackStored(net: Net): Promise<void> {
  const queries = net.templates.filter(({ kind }) => kind === 'query');
  const sample = net.random.shuffled(queries).slice(0, 40);
  await inParallel(sample, async (template) => {
    for (const sender of [byId, byGet]) {
      const leaf = net.random.pick([null, ...leavesOf(template)]);
      const attacker = net.random.pick(net.worlds.a.people.everybody);
      await attackQuery(net, { template, leaf, attacker, cache: 'at once' }, sender);
    }
  });
  await attackHashes(net);
}

/** A hash that is not stored is unknown, whoever has sent its text before. */
async function attackHashes(net: Net): Promise<void> {
  const { a, b } = net.worlds;
  const query = `{ viewer { workspace { name } } }`;
  await sendOperation(net.cluster.origin, b.people.owner.headers, { query, variables: {} });
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const answer = await send(
    'POST',
    `${net.cluster.origin}/graphql`,
    { 'content-type': 'application/json', ...a.people.owner.headers },
    JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash } } }),
  );
  net.counts.probes += 1;
  net.judge.checkSeen('an operation by its hash', answer, '', a.people.owner.principal);
}
