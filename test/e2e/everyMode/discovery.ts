import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { discover, follow, page, start } from '../discoveryRun.js';
import { servers } from '../documents.js';
import type { Session, System } from '../harness.js';

const samples = join(import.meta.dirname, '../../../../shared/data');
const sample = (name: string) => readFileSync(join(samples, name), 'utf8');
const withSamples = existsSync(samples) ? test : test.skip;

/** What becomes of a source that is handed in. */
export function describeDiscovery(running: () => System): void {
  describe('discovery', () => {
    let system: System;
    let owner: Session;
    let other: Session;

    beforeAll(async () => {
      system = running();
      owner = await system.signIn('owner', 'acme');
      other = await system.signIn('owner', 'globex');
    });

    test('turns a CSV into assets while its watcher sees every event once and in order', async () => {
      const { events, flow } = await discover(owner, {
        source: { name: 'servers.csv', format: 'CSV', content: servers(60, 'watch') },
      });
      expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
      events.slice(1).forEach((event, index) => expect(event.previousCursor).toBe(events[index]!.cursor));
      expect(flow).toMatchObject({ status: 'SUCCEEDED', progress: 1, failure: null });
      expect(flow.discovery).toMatchObject({ rowsTotal: 60, rowsValid: 60, rowsRejected: 0, assetsUpdated: 0 });
      expect(flow.discovery.assetsCreated).toBeGreaterThanOrEqual(60);
      expect(flow.phases.map((phase: { name: string }) => phase.name)).toEqual([
        'import',
        'mapping',
        'cleansing',
        'inventory',
        'dependencies',
        'report',
      ]);
      expect(flow.phases.every((phase: { status: string }) => phase.status === 'SUCCEEDED')).toBe(true);
      expect(flow.metrics.requests).toBeGreaterThan(0);
      expect(flow.createdBy.__typename).toBe('User');
    }, 60_000);

    test('run again, it doubles nothing', async () => {
      const source = { name: 'again.csv', format: 'CSV' as const, content: servers(40, 'again') };
      const first = await discover(owner, { source });
      const count = async () =>
        (await owner.ask(`{ assets(filter: { search: "again" }) { totalCount } }`)).assets.totalCount;
      const before = await count();
      const second = await discover(owner, { source });
      expect(before).toBe(40);
      expect(await count()).toBe(before);
      expect(first.flow.discovery.dependenciesFound).toBe(second.flow.discovery.dependenciesFound);
      expect(second.flow.discovery).toMatchObject({ assetsCreated: 0, rowsValid: 40 });
    }, 60_000);

    test('what one workspace found the other never sees', async () => {
      const { id } = await discover(owner, {
        source: { name: 'mine.csv', format: 'CSV', content: servers(5, 'private') },
      });
      const seen = await other.ask(
        `query ($id: ID!) { flow(id: $id) { id } node(id: $id) { id } assets(filter: { search: "private" }) { totalCount nodes { id } } }`,
        { id },
      );
      expect(seen).toEqual({ flow: null, node: null, assets: { totalCount: 0, nodes: [] } });
    }, 60_000);

    test('waits for approval when asked, takes corrected mappings and remembers them', async () => {
      const content = 'Bezeichnung;Adresse\nalpha;10.9.0.1\nbeta;10.9.0.2';
      const id = await start(owner, { requireApproval: true, source: { name: 'de.csv', format: 'CSV', content } });
      const waiting = await until(owner, id, 'AWAITING_APPROVAL');
      expect(waiting.discovery.fieldMappings.map((mapping: { sourceField: string }) => mapping.sourceField)).toEqual([
        'Bezeichnung',
        'Adresse',
      ]);
      const mappings = [
        { sourceField: 'Bezeichnung', targetField: 'name' },
        { sourceField: 'Adresse', targetField: 'ipAddress' },
      ];
      await owner.ask(
        `mutation ($input: ApproveFieldMappingsInput!) { approveFieldMappings(input: $input) { flow { id } } }`,
        { input: { flowId: id, mappings } },
      );
      await follow(owner, id);
      expect((await page(owner, id)).discovery).toMatchObject({ rowsValid: 2, assetsCreated: 2 });
      const next = await discover(owner, {
        source: { name: 'de2.csv', format: 'CSV', content: content.replaceAll('alpha', 'gamma') },
      });
      expect(next.flow.discovery.fieldMappings).toEqual([
        expect.objectContaining({ sourceField: 'Bezeichnung', targetField: 'name', confidence: 1 }),
        expect.objectContaining({ sourceField: 'Adresse', targetField: 'ipAddress', confidence: 1 }),
      ]);
    }, 60_000);

    test('rejects bad rows with line, code and message and keeps the good ones', async () => {
      const content =
        'name,ip,owner\ngood,10.1.1.1,a@corp.example\nbad,999.1.1.1,b@corp.example\n,10.1.1.2,c@corp.example\n"=cmd|\' /C calc\'!A0",10.1.1.3,d@corp.example';
      const { flow } = await discover(owner, { source: { name: 'bad.csv', format: 'CSV', content } });
      // Something that is no address costs no row: it is kept as it was written, and nothing is taken for an address.
      expect(flow.discovery).toMatchObject({ rowsTotal: 4, rowsValid: 2, rowsRejected: 2 });
      expect(flow.discovery.rejectedRows.nodes.map((row: { line: number }) => row.line)).toEqual([4, 5]);
      const { flow: found } = await owner.ask(
        `query ($id: ID!) { flow(id: $id) { assets { nodes { name ipAddress attributes } } } }`,
        { id: flow.id },
      );
      const kept = found.assets.nodes.find((asset: { name: string }) => asset.name === 'bad');
      expect(kept).toMatchObject({ ipAddress: null });
      expect(JSON.stringify(kept.attributes)).toContain('999.1.1.1');
    }, 60_000);

    test('a source that cannot be read fails with a code and a way out, and raises an alert', async () => {
      const { flow } = await discover(owner, {
        source: { name: 'broken.json', format: 'JSON', content: '{"items": [ {"name": "a"}, ' },
      });
      expect(flow.status).toBe('FAILED');
      expect(flow.failure).toMatchObject({ phase: 'import', code: expect.any(String), message: expect.any(String) });
      const alert = await eventuallyAlert(owner, flow.id);
      expect(alert).toMatchObject({ status: 'FIRING' });
    }, 60_000);

    test('an upload is a source, too', async () => {
      const response = await fetch(`${system.origin}/uploads?name=up.csv`, {
        method: 'POST',
        headers: owner.headers,
        body: servers(30, 'upload'),
      });
      expect(response.status).toBe(201);
      const upload = (await response.json()) as { uploadId: string; bytes: number; sha256: string };
      expect(upload).toMatchObject({
        uploadId: expect.any(String),
        bytes: Buffer.byteLength(servers(30, 'upload')),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      const foreign = await other.send(
        `mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }`,
        {
          input: { name: 'theft', source: { name: 'up.csv', format: 'CSV', uploadId: upload.uploadId } },
        },
      );
      expect(foreign.errors?.[0]?.extensions.code).toBe('RESOURCE_NOT_FOUND');
      const { flow } = await discover(owner, { source: { name: 'up.csv', format: 'CSV', uploadId: upload.uploadId } });
      expect(flow.discovery).toMatchObject({ rowsTotal: 30, assetsCreated: expect.any(Number) });

      const form = new FormData();
      form.append('file', new Blob([servers(30, 'upload')], { type: 'text/csv' }), 'form.csv');
      const sent = await fetch(`${system.origin}/uploads`, { method: 'POST', headers: owner.headers, body: form });
      expect([sent.status, await sent.json()]).toEqual([201, { ...upload, uploadId: expect.any(String) }]);
    }, 60_000);

    withSamples(
      'reads what NetBox, EC2 and Azure export',
      async () => {
        const sources = [
          // 22 devices have no name in the export.
          ['netbox-devices.csv', 'CSV', 72, 22],
          ['netbox-virtual-machines.csv', 'CSV', 180, 0],
          ['netbox-connections.csv', 'CSV', 26, 0],
          ['aws-ec2-instances.json', 'JSON', 13, 0],
          ['azure-resource-graph-reply.json', 'JSON', 1, 0],
        ] as const;
        for (const [name, format, rows, rejected] of sources) {
          const { flow } = await discover(owner, { source: { name, format, content: sample(name) } });
          expect([name, flow.status, flow.discovery.rowsTotal, flow.discovery.rowsRejected]).toEqual([
            name,
            'SUCCEEDED',
            rows,
            rejected,
          ]);
        }
        const count = async () => (await owner.ask(`{ assets { totalCount } }`)).assets.totalCount;
        const before = await count();
        for (const [name, format] of sources) {
          const { flow } = await discover(owner, { source: { name, format, content: sample(name) } });
          expect([name, flow.discovery.assetsCreated]).toEqual([name, 0]);
        }
        expect(await count()).toBe(before);
      },
      180_000,
    );
  });
}

async function until(session: Session, id: string, status: string) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const flow = await page(session, id);
    if (flow.status === status) return flow;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Flow ${id} never was ${status}.`);
}

async function eventuallyAlert(session: Session, flowId: string) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { alerts } = await session.ask(
      `query ($id: [ID!]) { alerts(filter: { flowId: $id }) { nodes { id status flow { id } } } }`,
      { id: [flowId] },
    );
    if (alerts.nodes.length > 0) return alerts.nodes[0];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`No alert was raised for ${flowId}.`);
}
