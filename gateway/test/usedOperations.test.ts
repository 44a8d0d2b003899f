import { expect, jest, test } from '@jest/globals';
import type { CommandClient } from '@tributary/commands';
import type { InputOf, noteOperationsUsedCommand } from '@tributary/contracts/commands';
import type { RequestContext } from '@tributary/kernel';
import { StoredOperations, UsedOperations } from '../src/index.js';
import { startEdge } from './support/edge.js';
import { post, startTestGateway } from './support/testGateway.js';

const logger = { warn: jest.fn() };

/** What the subgraph is told, by workspace. */
function subgraph(answer: () => Promise<unknown> = () => Promise.resolve({})) {
  const told: { workspaceId: string; documentIds: string[] }[] = [];
  type Input = InputOf<typeof noteOperationsUsedCommand>;
  const call = async (_command: unknown, { operations }: Input, { principal }: RequestContext) => {
    told.push({
      workspaceId: principal.workspaceId,
      documentIds: operations.map(({ documentId }) => documentId),
    });
    return answer();
  };
  const used = new UsedOperations({ commands: { call } as unknown as CommandClient, logger: logger as never });
  return { told, used };
}

const stored = new StoredOperations();
stored.addManifest(
  { format: 'apollo-persisted-query-manifest', version: 1, operations: [{ id: 'who', body: '{ whoAmI }' }] },
  'manifest',
);

test('a stored operation that was run is told of once, whatever it was sent as; others are not', async () => {
  const { told, used } = subgraph();
  await using it = await startTestGateway({ storedOperations: stored, usedOperations: used });
  await it.ask({ documentId: 'who' });
  await it.ask({ query: '{ whoAmI }' });
  await it.ask({ query: '{ flows { id } }' });
  await it.ask({ documentId: 'none' });
  await used.tell();
  expect(told).toEqual([{ workspaceId: expect.any(String), documentIds: ['who'] }]);
  await used.tell();
  expect(told).toHaveLength(1);
});

test('an edge tells of what it passes on, too', async () => {
  const { told, used } = subgraph();
  await using edge = await startEdge(() => ({ data: { whoAmI: 'me' } }), {}, used);
  await post(edge.url, { documentId: 'one' }, { authorization: 'Bearer good' });
  await used.tell();
  expect(told).toEqual([{ workspaceId: expect.any(String), documentIds: ['one'] }]);
});

test('workspaces are told of apart, and one that cannot be told does not keep the others from it', async () => {
  let calls = 0;
  const { told, used } = subgraph(() => ((calls += 1) === 1 ? Promise.reject(new Error('away')) : Promise.resolve({})));
  used.note('w1', 'one');
  used.note('w2', 'two');
  used.note('w2', 'x'.repeat(129));
  await expect(used.tell()).rejects.toThrow('away');
  expect(told).toEqual([
    { workspaceId: 'w1', documentIds: ['one'] },
    { workspaceId: 'w2', documentIds: ['two'] },
  ]);
});

test('what was noted is told when the gateway closes, and a failure is said and holds nothing up', async () => {
  const { told, used } = subgraph(() => Promise.reject(new Error('away')));
  used.note('w1', 'one');
  await used[Symbol.asyncDispose]();
  expect(told).toHaveLength(1);
  expect(logger.warn).toHaveBeenCalledTimes(1);
});
