import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Role } from '@tributary/contracts/roles';
import { ask, codesOf, person, tell } from '@tributary/kit/world';
import { discover, eventTypes, flowOf, start, startFlowWorld, until } from './flowWorld.js';
import type { FlowWorld } from './flowWorld.js';

let world: FlowWorld;

beforeAll(async () => {
  world = await startFlowWorld();
  await world.startWorker();
}, 60_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const servers = `Name,IP Address,Status,Host,Owner Email
web-1,10.0.0.1,active,hv-1,ann@example.com
web-2,10.0.0.2,active,hv-1,bob@example.com
db-1,10.0.0.3,stopped,hv-2,ann@example.com
`;

const approve = `mutation ($input: ApproveFieldMappingsInput!) { approveFieldMappings(input: $input) { flow { id status currentPhase { name } } } }`;

describe('a discovery', () => {
  test('turns a CSV file into assets and dependencies, phase by phase', async () => {
    const ann = person();
    const id = await discover(world, ann, servers);
    const flow = await until(world, ann, id, 'SUCCEEDED', 'FAILED');
    expect(flow.failure).toBeNull();
    expect(flow.progress).toBe(1);
    expect(flow.currentPhase).toBeNull();
    expect(flow.discovery).toMatchObject({
      rowsTotal: 3,
      rowsValid: 3,
      rowsRejected: 0,
      assetsCreated: 3,
      assetsUpdated: 0,
      dependenciesFound: 3,
    });
    expect(flow.phases.map((phase: { name: string; status: string }) => [phase.name, phase.status])).toEqual([
      ['import', 'SUCCEEDED'],
      ['mapping', 'SUCCEEDED'],
      ['cleansing', 'SUCCEEDED'],
      ['inventory', 'SUCCEEDED'],
      ['dependencies', 'SUCCEEDED'],
      ['report', 'SUCCEEDED'],
    ]);
    expect((await eventTypes(world, ann, id)).filter((type) => !type.startsWith('phase.progressed'))).toEqual([
      'flow.created',
      'flow.started import',
      'phase.started import',
      'phase.finished import',
      'phase.started mapping',
      'phase.finished mapping',
      'phase.started cleansing',
      'phase.finished cleansing',
      'phase.started inventory',
      'phase.finished inventory',
      'phase.started dependencies',
      'phase.finished dependencies',
      'phase.started report',
      'phase.finished report',
      'flow.finished',
    ]);
  });

  test('leaves a trace of each agent, with its flow, phase and rows', async () => {
    const ann = person();
    const id = await discover(world, ann, servers);
    await until(world, ann, id, 'SUCCEEDED');
    const traces = [...world.neighbours.traces.values()].filter((trace) => trace.flowId === id);
    expect(traces.map((trace) => [trace.agent, trace.operation, trace.status, trace.attributes['rows']])).toEqual([
      ['source-profiler', 'import', 'OK', 3],
      ['mapping-suggester', 'mapping', 'OK', 5],
      ['row-cleanser', 'cleansing', 'OK', 3],
      ['inventory-keeper', 'inventory', 'OK', 3],
      ['dependency-mapper', 'dependencies', 'OK', 3],
      ['settler', 'report', 'OK', 0],
      ['reporter', 'report', 'OK', 3],
    ]);
    expect(
      traces.every((trace) => trace.durationMs > 0 && trace.costUsd >= 0 && /^[\w-]{1,64}$/.test(trace.externalId)),
    ).toBe(true);
  });

  test('names personal data by column and count, and keeps none of it', async () => {
    const ann = person();
    const flow = await until(world, ann, await discover(world, ann, servers), 'SUCCEEDED');
    const { summary } = flow.phases.find((phase: { name: string }) => phase.name === 'cleansing');
    expect(summary.personalData).toEqual([{ column: 'Owner Email', kind: 'EMAIL', count: 3 }]);
    expect(JSON.stringify(flow.phases)).not.toContain('ann@example.com');
  });

  test('shows values of each column beside its mapping, masked by role, and no secret', async () => {
    const ann = person();
    const secret = 'AKIAIOSFODNN7EXAMPLE';
    const id = await discover(
      world,
      ann,
      `Name,Owner Email,Password\n${Array.from({ length: 7 }, (_, row) => `web-${row},ann${row}@example.com,${secret}${row}`).join('\n')}\n`,
    );
    await until(world, ann, id, 'SUCCEEDED');
    const shown = async (role: Role) => {
      const { flow } = await tell(
        world,
        person(ann.workspaceId, role),
        'query ($id: ID!) { flow(id: $id) { discovery { fieldMappings { sourceField samples } } } }',
        { id },
      );
      const mappings = flow.discovery.fieldMappings as { sourceField: string; samples: string[] }[];
      return new Map(mappings.map(({ sourceField, samples }) => [sourceField, samples]));
    };
    const owner = await shown('OWNER');
    expect(owner.get('Name')).toEqual(['web-0', 'web-1', 'web-2', 'web-3', 'web-4']);
    expect(owner.get('Owner Email')).toHaveLength(5);
    expect(owner.get('Owner Email')![0]).toBe('ann0@example.com');
    expect(JSON.stringify([...owner])).not.toContain(secret);
    const viewer = await shown('VIEWER');
    expect(viewer.get('Name')).toEqual(owner.get('Name'));
    expect(JSON.stringify([...viewer])).not.toContain('ann0@');
    expect(viewer.get('Owner Email')![0]).toBe('a***@example.com');
  });

  test('rejects bad rows with line, code and message, and goes on with the others', async () => {
    const ann = person();
    const flow = await until(
      world,
      ann,
      await discover(
        world,
        ann,
        'name,ip address\nweb-1,10.0.0.1\nweb-2,10.0.0.2,more\nweb-1,10.0.0.1\n=cmd(),10.0.0.4\n',
      ),
      'SUCCEEDED',
    );
    expect(flow.discovery).toMatchObject({ rowsTotal: 4, rowsValid: 1, rowsRejected: 3, assetsCreated: 1 });
    expect(flow.discovery.rejectedRows.totalCount).toBe(3);
    expect(
      flow.discovery.rejectedRows.nodes.map((row: { line: number; code: string }) => [row.line, row.code]),
    ).toEqual([
      [3, 'RAGGED_ROW'],
      [4, 'DUPLICATE_KEY'],
      [5, 'FORMULA_CELL'],
    ]);
  });

  test('pages through rejected rows', async () => {
    const ann = person();
    const rows = Array.from({ length: 5 }, (_, index) => `web-${index},x,more`).join('\n');
    const id = await discover(world, ann, `name,note\nok,fine\n${rows}\n`);
    await until(world, ann, id, 'SUCCEEDED');
    const page = `query ($id: ID!, $after: Cursor) { flow(id: $id) { discovery { rejectedRows(first: 2, after: $after) { nodes { line } pageInfo { endCursor hasNextPage } } } } }`;
    const lines: number[] = [];
    let after: string | null = null;
    for (let more = true; more;) {
      const { flow } = await tell(world, ann, page, { id, after });
      const rejectedRows: { nodes: { line: number }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } =
        flow.discovery.rejectedRows;
      lines.push(...rejectedRows.nodes.map((row) => row.line));
      after = rejectedRows.pageInfo.endCursor;
      more = rejectedRows.pageInfo.hasNextPage;
    }
    expect(lines).toEqual([3, 4, 5, 6, 7]);
  });

  test.each([
    ['a header without rows', 'CSV', 'name,ip\n', 'HEADER_ONLY'],
    ['JSON that was declared as CSV', 'CSV', '[{"name":"web-1"}]', 'WRONG_FORMAT'],
    ['CSV that was declared as JSON', 'JSON', 'name,ip\nweb-1,10.0.0.1\n', 'WRONG_FORMAT'],
    ['a JSON document that is cut off', 'JSON', '[{"name":"web-1"},{"name":', 'TRUNCATED_SOURCE'],
    [
      'too many columns',
      'CSV',
      `${Array.from({ length: 10_000 }, (_, index) => `c${index}`).join(',')}\nx\n`,
      'TOO_MANY_COLUMNS',
    ],
    ['nothing that could name an asset', 'CSV', 'width,size\n1,1\n2,2\n', 'NO_NAME_COLUMN'],
  ])('%s fails the flow and says why', async (_, format, content, code) => {
    const ann = person();
    const flow = await until(
      world,
      ann,
      await discover(world, ann, content, { source: { name: 'source', format, content } }),
      'FAILED',
      'SUCCEEDED',
    );
    expect(flow.failure).toMatchObject({ code, retryable: false });
    expect(flow.failure.message.length).toBeGreaterThan(20);
    expect(flow.failure.phase).toBe(flow.currentPhase.name);
    expect((await eventTypes(world, ann, flow.id)).slice(-2)).toEqual([
      `phase.failed ${flow.failure.phase}`,
      `flow.failed ${flow.failure.phase}`,
    ]);
    const retried = await ask(world, ann, `mutation ($id: ID!) { retryFlow(input: { flowId: $id }) { flow { id } } }`, {
      id: flow.id,
    });
    expect(retried.errors?.[0]?.extensions).toMatchObject({
      code: 'RESOURCE_CONFLICT',
      details: { reason: 'NOT_RETRYABLE' },
    });
  });

  test.each([
    ['neither content nor upload', {}, 'MISSING_REQUIRED_FIELD'],
    [
      'both content and upload',
      { content: 'name\nx', uploadId: 'upload_01900000-0000-7000-8000-000000000000' },
      'INVALID_INPUT',
    ],
    ['blank content', { content: ' \n' }, 'MISSING_REQUIRED_FIELD'],
    ['NUL characters', { content: 'name\n\0' }, 'INVALID_FORMAT'],
    [
      'an upload that nobody has made',
      { uploadId: 'upload_01900000-0000-7000-8000-000000000000' },
      'RESOURCE_NOT_FOUND',
    ],
    ['an id of another kind', { uploadId: 'flow_01900000-0000-7000-8000-000000000000' }, 'RESOURCE_NOT_FOUND'],
    ['a text that is no id', { uploadId: 'nonsense' }, 'INVALID_INPUT'],
  ])('is refused with %s', async (_, source, code) => {
    const result = await ask(world, person(), start, {
      input: { name: 'x', source: { name: 's', format: 'CSV', ...source } },
    });
    expect(codesOf(result)).toEqual([code]);
  });

  test('is started once for an idempotencyKey, whatever happened to the flow since', async () => {
    const ann = person();
    const input = { idempotencyKey: 'once' };
    const id = await discover(world, ann, servers, input);
    await until(world, ann, id, 'SUCCEEDED');
    expect(await discover(world, ann, servers, input)).toBe(id);
    const other = await ask(world, ann, start, {
      input: { name: 'Another', source: { name: 's', format: 'CSV', content: servers }, ...input },
    });
    expect(other.errors?.[0]?.extensions).toMatchObject({
      code: 'RESOURCE_CONFLICT',
      details: { reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
    const { flows } = await tell(world, ann, '{ flows { totalCount } }');
    expect(flows.totalCount).toBe(1);
  });
});

describe('field mappings', () => {
  test('wait for a person when asked to, and are remembered for the next source', async () => {
    const ann = person();
    const source = 'Maschine,Zustand,Bemerkung\nweb-1,active,x\nweb-2,active,y\n';
    const id = await discover(world, ann, source, { requireApproval: true });
    const waiting = await until(world, ann, id, 'AWAITING_APPROVAL');
    expect(waiting.currentPhase).toEqual({ name: 'mapping', status: 'AWAITING_APPROVAL' });
    expect(waiting.discovery.fieldMappings.every((mapping: { status: string }) => mapping.status === 'SUGGESTED')).toBe(
      true,
    );
    const mappings = [
      { sourceField: 'Maschine', targetField: 'name' },
      { sourceField: 'Zustand', targetField: 'status' },
      { sourceField: 'Bemerkung' },
    ];
    await tell(world, ann, approve, { input: { flowId: id, mappings } });
    const done = await until(world, ann, id, 'SUCCEEDED');
    expect(
      done.discovery.fieldMappings.map(
        (mapping: { sourceField: string; targetField: string | null; status: string }) => [
          mapping.sourceField,
          mapping.targetField,
        ],
      ),
    ).toEqual([
      ['Maschine', 'name'],
      ['Zustand', 'status'],
      ['Bemerkung', null],
    ]);
    expect(done.discovery.assetsCreated).toBe(2);

    const next = await until(
      world,
      ann,
      await discover(world, ann, source.replace('web-2', 'web-3')),
      'SUCCEEDED',
      'FAILED',
    );
    expect(next.discovery.fieldMappings[0]).toMatchObject({ targetField: 'name', confidence: 1, status: 'APPROVED' });
    // Memory belongs to the workspace.
    const bob = person();
    const foreign = await until(world, bob, await discover(world, bob, source), 'SUCCEEDED', 'AWAITING_APPROVAL');
    expect(foreign.discovery.fieldMappings[0]?.reason ?? '').not.toContain('pproved before');
  });

  test.each([
    ['an unknown target', [{ sourceField: 'Name', targetField: 'colour' }]],
    ['an unknown column', [{ sourceField: 'Colour', targetField: 'name' }]],
    [
      'a column twice',
      [
        { sourceField: 'Name', targetField: 'name' },
        { sourceField: 'Name', targetField: 'status' },
      ],
    ],
    ['nothing left to name an asset', [{ sourceField: 'Name' }, { sourceField: 'IP Address' }]],
  ])('cannot be approved with %s', async (_, mappings) => {
    const ann = person();
    const id = await discover(world, ann, servers, { requireApproval: true });
    await until(world, ann, id, 'AWAITING_APPROVAL');
    expect(codesOf(await ask(world, ann, approve, { input: { flowId: id, mappings } }))).toEqual(['INVALID_INPUT']);
    expect((await flowOf(world, ann, id)).status).toBe('AWAITING_APPROVAL');
  });

  test('cannot be approved twice', async () => {
    const ann = person();
    const id = await discover(world, ann, servers, { requireApproval: true });
    await until(world, ann, id, 'AWAITING_APPROVAL');
    await tell(world, ann, approve, { input: { flowId: id, mappings: [], idempotencyKey: 'yes' } });
    await until(world, ann, id, 'SUCCEEDED');
    await tell(world, ann, approve, { input: { flowId: id, mappings: [], idempotencyKey: 'yes' } });
    const again = await ask(world, ann, approve, { input: { flowId: id, mappings: [] } });
    expect(again.errors?.[0]?.extensions).toMatchObject({
      code: 'RESOURCE_CONFLICT',
      details: { reason: 'FLOW_ENDED' },
    });
  });
});

const data = new URL('../../../../shared/data/', import.meta.url);

(existsSync(data) ? describe : describe.skip)('real exports', () => {
  test.each([
    ['netbox-devices.csv', 'CSV'],
    ['netbox-virtual-machines.csv', 'CSV'],
    ['netbox-connections.csv', 'CSV'],
    ['aws-ec2-instances.json', 'JSON'],
    ['azure-resource-graph-reply.json', 'JSON'],
  ])('%s is discovered twice and nothing is doubled', async (file, format) => {
    const ann = person();
    const content = readFileSync(new URL(file, data), 'utf8');
    const input = { source: { name: file, format, content } };
    const first = await until(world, ann, await discover(world, ann, content, input), 'SUCCEEDED', 'FAILED');
    expect(first.failure).toBeNull();
    expect(first.discovery.rowsValid + first.discovery.rowsRejected).toBe(first.discovery.rowsTotal);
    const second = await until(world, ann, await discover(world, ann, content, input), 'SUCCEEDED', 'FAILED');
    expect(second.discovery).toMatchObject({
      rowsTotal: first.discovery.rowsTotal,
      assetsCreated: 0,
      dependenciesFound: first.discovery.dependenciesFound,
    });
    expect(second.discovery.assetsUpdated).toBe(first.discovery.assetsCreated + first.discovery.assetsUpdated);
  });
});
