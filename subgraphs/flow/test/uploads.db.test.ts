import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import type { Principal } from '@tributary/contracts/principal';
import { uploadCommand } from '@tributary/contracts/commands';
import type { StoredUpload } from '@tributary/contracts/commands';
import { deleteOldUploads } from '../src/domain/discovery/uploads/deleteOldUploads.js';
import { ask, codesOf, person, requestOf, tell } from '@tributary/kit/world';
import { start, startFlowWorld, until } from './flowWorld.js';
import type { FlowWorld } from './flowWorld.js';

let world: FlowWorld;

beforeAll(async () => {
  world = await startFlowWorld({ maxUploadBytes: 1_048_576 });
  await world.startWorker();
}, 60_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const csv = 'name,ip address\nweb-1,10.0.0.1\nweb-2,10.0.0.2\n';

/** Bytes that are no text, which begin as given. */
function binary(...start: number[]): Buffer {
  return Buffer.from([...start, ...Array.from({ length: 500 }, (_, index) => index % 256)]);
}

function upload(principal: Principal, body: Readable, name = 'servers.csv'): Promise<StoredUpload> {
  return world.commands.stream(uploadCommand, { name }, body, requestOf(principal));
}

function discoverUpload(principal: Principal, uploadId: string) {
  return ask(world, principal, start, {
    input: { name: 'x', source: { name: 'servers.csv', format: 'CSV', uploadId } },
  });
}

async function stored(): Promise<string[]> {
  return (await readdir(world.uploadsFolder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: world.testDatabase.superuserUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function passADay(uploadId: string): Promise<void> {
  await rows(`update upload set expires_at = expires_at - interval '25 hours' where id = '${uploadId.slice(7)}'`);
}

describe('an upload', () => {
  test('is stored with its size and hash, and discovered from', async () => {
    const ann = person();
    const { uploadId, bytes, sha256 } = await upload(ann, Readable.from([Buffer.from(csv)]));
    expect({ bytes, sha256 }).toEqual({ bytes: csv.length, sha256: createHash('sha256').update(csv).digest('hex') });
    const started = await discoverUpload(ann, uploadId);
    const flow = await until(world, ann, started.data.startDiscovery.flow.id, 'SUCCEEDED', 'FAILED');
    expect(flow.discovery).toMatchObject({ rowsTotal: 2, assetsCreated: 2 });
  });

  test('belongs to its workspace', async () => {
    const { uploadId } = await upload(person(), Readable.from([Buffer.from(csv)]));
    expect(codesOf(await discoverUpload(person(), uploadId))).toEqual(['RESOURCE_NOT_FOUND']);
  });

  test('that is empty, too large or cut off is refused and leaves nothing', async () => {
    const ann = person();
    const before = await stored();
    await expect(upload(ann, Readable.from([]))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const large = Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(65_536, 'x')));
    await expect(upload(ann, large)).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      details: { limit: 'uploadBytes' },
    });
    const cut = new PassThrough();
    const taking = upload(ann, cut);
    cut.write('name,ip\n');
    setTimeout(() => cut.destroy(), 50);
    await expect(taking).rejects.toMatchObject({ code: expect.stringMatching(/INVALID_INPUT|SERVICE_UNAVAILABLE/) });
    expect(await stored()).toEqual(before);
    expect(await rows(`select 1 from upload where workspace_id = '${ann.workspaceId}'`)).toEqual([]);
  });

  test('needs the right to upload', async () => {
    await expect(upload(person(undefined, 'VIEWER'), Readable.from([Buffer.from(csv)]))).rejects.toMatchObject({
      code: 'INSUFFICIENT_PERMISSIONS',
    });
  });

  test('is deleted when it has been unused for 24 hours', async () => {
    const ann = person();
    const { uploadId } = await upload(ann, Readable.from([Buffer.from(csv)]));
    await deleteOldUploads(world.database, world.uploads);
    expect(await stored()).toContain(uploadId.slice(7));
    await passADay(uploadId);
    expect(await deleteOldUploads(world.database, world.uploads)).toBe(1);
    expect(await stored()).not.toContain(uploadId.slice(7));
    expect(codesOf(await discoverUpload(ann, uploadId))).toEqual(['RESOURCE_NOT_FOUND']);
  });

  test('that a flow still needs is kept, however old it is', async () => {
    const ann = person();
    const { uploadId } = await upload(ann, Readable.from([Buffer.from(csv)]));
    const input = { name: 'x', source: { name: 'servers.csv', format: 'CSV', uploadId }, requireApproval: true };
    const { id } = (await tell(world, ann, start, { input })).startDiscovery.flow;
    await until(world, ann, id, 'AWAITING_APPROVAL');
    await passADay(uploadId);
    expect(await deleteOldUploads(world.database, world.uploads)).toBe(0);
    await tell(world, ann, 'mutation ($id: ID!) { cancelFlow(input: { flowId: $id }) { flow { id } } }', { id });
    expect(await deleteOldUploads(world.database, world.uploads)).toBe(1);
  });

  test('of a binary file fails the flow and says what it is', async () => {
    const ann = person();
    const { uploadId } = await upload(ann, Readable.from([binary(0x7f, 0x45, 0x4c, 0x46)]));
    const started = await discoverUpload(ann, uploadId);
    const flow = await until(world, ann, started.data.startDiscovery.flow.id, 'FAILED', 'SUCCEEDED');
    expect(flow.failure).toMatchObject({ code: 'BINARY_SOURCE', phase: 'import', retryable: false });
  });

  test('of an archive that cannot be opened starts no flow and says why', async () => {
    const ann = person();
    const { uploadId } = await upload(ann, Readable.from([binary(0x50, 0x4b, 3, 4)]));
    expect(codesOf(await discoverUpload(ann, uploadId))).toEqual(['INVALID_INPUT']);
  });

  test('of which the bytes were lost fails the flow and says so', async () => {
    const ann = person();
    const { uploadId } = await upload(ann, Readable.from([Buffer.from(csv)]));
    await world.uploads.delete(`${ann.workspaceId}/${uploadId.slice(7)}`);
    const started = await discoverUpload(ann, uploadId);
    const flow = await until(world, ann, started.data.startDiscovery.flow.id, 'FAILED', 'SUCCEEDED');
    expect(flow.failure).toMatchObject({ code: 'SOURCE_GONE', retryable: false });
  });
});
