import { describe, expect, test } from '@jest/globals';
import { startTestGateway } from './support/testGateway.js';

const own = { settings: { executor: 'own' as const } };

describe('an answer of our plan executor', () => {
  test.each(['{ flows @include(if: false) { id } }', 'query($no: Boolean = false) { flows @include(if: $no) { id } }'])(
    'is empty when nothing is asked for: %s',
    async (query) => {
      await using it = await startTestGateway(own);
      expect((await it.ask({ query })).body).toEqual({ data: {} });
    },
  );

  test('shows a list once, however often it is written', async () => {
    await using it = await startTestGateway(own);
    const { body } = await it.ask({
      query: '{ flows { id } flows { name } ...More } fragment More on Query { flows { id } }',
    });
    expect(body).toEqual({
      data: {
        flows: [
          { id: '1', name: 'flow 1' },
          { id: '2', name: 'flow 2' },
        ],
      },
    });
  });

  test('says where a null stands that none may, and takes away what is around it', async () => {
    await using it = await startTestGateway(own);
    const { body } = await it.ask({ query: '{ of: asset(id: "gone") { id flow { id name } } }' });
    expect(body.data).toEqual({ of: { id: 'gone', flow: null } });
    expect(body.errors).toMatchObject([
      { path: ['of', 'flow', 'name'], extensions: { code: 'RESOURCE_NOT_FOUND', details: { field: 'Flow.name' } } },
    ]);
  });

  test('tells an error wherever the entity stands that it is about, although it was asked for once', async () => {
    await using it = await startTestGateway(own);
    const { body } = await it.ask({
      query: '{ flows { id parent { its: assets { id } } } flow(id: "2") { assets { id } } }',
    });
    const locked = { code: 'DATABASE_ERROR', details: { retry: true } };
    expect(body.data).toEqual({
      flows: [
        { id: '1', parent: { its: [{ id: 'a1' }] } },
        { id: '2', parent: { its: null } },
      ],
      flow: { assets: null },
    });
    expect(body.errors).toHaveLength(2);
    expect(body.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: ['flows', 1, 'parent', 'its'], extensions: expect.objectContaining(locked) }),
        expect.objectContaining({ path: ['flow', 'assets'], extensions: expect.objectContaining(locked) }),
      ]),
    );
  });

  test('is of the tenant who asked, when two ask with one document in one turn', async () => {
    await using it = await startTestGateway(own);
    const query = '{ whoAmI flows { id assets { title } } }';
    const answers = await Promise.all([
      it.ask({ query }),
      it.ask({ query }, { authorization: 'Bearer other' }),
      it.ask({ query }),
      it.ask({ query }, { authorization: 'Bearer other' }),
    ]);
    const tenantOf = (text: unknown): string =>
      (JSON.parse(text as string) as { workspaceId: string }).workspaceId.slice(-1);
    expect(answers.map(({ body }) => tenantOf(body.data!['whoAmI']))).toEqual(['1', '9', '1', '9']);
    // Each has its own call for the root and its own for the join: none was shared.
    expect(
      it.graph.calls.map(({ subgraph, context }) => `${subgraph} ${context.principal.workspaceId.slice(-1)}`).sort(),
    ).toEqual(['asset 1', 'asset 1', 'asset 9', 'asset 9', 'flow 1', 'flow 1', 'flow 9', 'flow 9']);
  });
});
