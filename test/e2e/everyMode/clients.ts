import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createAccessTokenIssuer } from '@tributary/auth';
import { createTributaryClient } from '../../../client/src/index.js';
import { eventually } from '@tributary/kit';
import { WebSocket } from 'ws';
import { eventStream, HttpStream, multipart } from '../../../gateway/test/support/eventStream.js';
import { RawSocket } from '../../../gateway/test/support/sockets.js';
import { start } from '../discoveryRun.js';
import { flowProgress, servers } from '../documents.js';
import { cursorsOf } from '../cursorsOf.js';
import { followers, followWith } from './followers.js';
import type { Mode, Session, System } from '../harness.js';

const createFlow = `mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }`;
const report = `mutation ($input: ReportFlowProgressInput!) { reportFlowProgress(input: $input) { flow { id } } }`;

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, string>;

/** Clients, ours and others', while parts and keys fail them. */
export function describeClients(mode: Mode, running: () => System): void {
  describe('clients', () => {
    let system: System;
    let owner: Session;

    beforeAll(async () => {
      system = running();
      owner = await system.signIn();
    });

    test('each follow a discovery from its first event to its end, all at once', async () => {
      const source = { name: 'followed.csv', format: 'CSV', content: servers(300, `followed${mode}`) } as const;
      const flowId = await start(owner, { source });
      const [after] = await cursorsOf(owner, flowId);
      const request = { url: system.url, authorization: owner.headers['authorization']!, flowId, after: after! };
      const seen = await Promise.all(followers.map((name) => followWith(name, request)));
      const truth = (await cursorsOf(owner, flowId)).slice(1);
      expect(truth.length).toBeGreaterThan(10);
      for (const [index, events] of seen.entries())
        expect([followers[index], events.map(({ cursor }) => cursor)]).toEqual([followers[index], truth]);
    }, 60_000);

    if (mode === 'embedded') return;

    async function createCrew(): Promise<{
      flowId: string;
      step: (progress: number, status?: string) => Promise<unknown>;
    }> {
      const created = await owner.ask(createFlow, { input: { kind: 'crew', name: 'A crew', phases: ['survey'] } });
      const flowId = created.createFlow.flow.id as string;
      return {
        flowId,
        step: (progress, status = 'RUNNING') =>
          owner.ask(report, { input: { flowId, phase: 'survey', status, progress } }),
      };
    }

    test('our own client goes on over a gateway that is killed', async () => {
      const { flowId, step } = await createCrew();
      const client = createTributaryClient({
        url: system.url,
        authorization: owner.accessToken,
        retry: { minDelayMs: 50, maxDelayMs: 300 },
      });
      system.onClose(() => client.close());
      const seen: string[] = [];
      const reading = (async () => {
        for await (const event of client.flowProgress(flowId)) {
          seen.push(event.cursor);
          if (event.type === 'flow.finished') return;
        }
      })();
      await eventually(() => expect(seen.length).toBe(1));
      for (const progress of [0.1, 0.2]) await step(progress);
      await system.killPart('gateway');
      await eventually(async () => expect((await fetch(`${system.origin}/health/ready`)).status).toBe(200), {
        timeoutMs: 20_000,
      });
      for (const progress of [0.3, 0.4]) await step(progress);
      await step(1, 'SUCCEEDED');
      await reading;
      const truth = await cursorsOf(owner, flowId);
      expect(seen.slice(1)).toEqual(truth.slice(truth.indexOf(seen[0]!) + 1));
      client.close();
    }, 60_000);

    test('our own client watches on while its tokens expire, over one connection', async () => {
      const secrets = JSON.parse(readFileSync(join(system.dataFolder, 'cluster-secrets.json'), 'utf8')) as {
        privateKey: string;
      };
      const issuer = createAccessTokenIssuer({
        privateKeyPem: secrets.privateKey,
        issuer: 'tributary-local',
        audience: 'tributary',
        ttlSeconds: 3,
      });
      const { sub, workspace_id, role, sid } = claimsOf(owner.accessToken);
      const subject = { userId: sub!, workspaceId: workspace_id!, role: role as 'OWNER', sessionId: sid! };
      let issued = 0;
      let connections = 0;
      const client = createTributaryClient({
        url: system.url,
        authorization: async () => {
          issued += 1;
          return (await issuer.issue(subject)).accessToken;
        },
        onState: ({ status }) => {
          if (status === 'connected') connections += 1;
        },
      });
      const { flowId, step } = await createCrew();
      system.onClose(() => client.close());
      const seen: string[] = [];
      const reading = (async () => {
        for await (const event of client.flowProgress(flowId)) {
          seen.push(event.cursor);
          if (event.type === 'flow.finished') return;
        }
      })();
      await eventually(() => expect(seen.length).toBe(1));
      for (const progress of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]) {
        await step(progress);
        await delay(900);
      }
      await step(1, 'SUCCEEDED');
      await reading;
      const truth = await cursorsOf(owner, flowId);
      expect(seen.slice(1)).toEqual(truth.slice(truth.indexOf(seen[0]!) + 1));
      expect(issued).toBeGreaterThan(2);
      expect(connections).toBe(1);
      client.close();
    }, 60_000);

    test.each([
      ['within 2 s', 2_000, false],
      ['within 10 s while Redis is dead', 10_000, true],
    ])(
      'a key that is revoked ends what it opened on every protocol, %s',
      async (_title, withinMs, redisDead) => {
        if (redisDead) await system.redis!.kill();
        const { createApiKey } = await owner.ask(
          `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } secret } }`,
          { input: { name: 'A partner', scopes: ['flow.read'] } },
        );
        const { flowId } = await createCrew();
        const headers = { 'x-api-key': createApiKey.secret as string };
        const body = { query: flowProgress, variables: { flowId } };
        const socket = await RawSocket.open(system.url.replace('http', 'ws'), { apiKey: createApiKey.secret });
        socket.subscribe('1', body);
        await socket.next('next', '1');
        const streams = await Promise.all(
          [eventStream, multipart].map((accept) => HttpStream.open(system.url, accept, { body, headers })),
        );
        await eventually(() => expect(streams.map(({ events }) => events.length)).toEqual([1, 1]));
        await owner.ask(`mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { id } } }`, {
          input: { id: createApiKey.apiKey.id },
        });
        await eventually(
          () => {
            expect(socket.socket.readyState).toBe(WebSocket.CLOSED);
            expect(streams.map(({ ended }) => ended)).toEqual(['completed', 'completed']);
          },
          { timeoutMs: withinMs },
        );
        expect((await socket.closed).code).toBe(4441);
        for (const { events } of streams)
          expect(events.at(-1)!.data.errors).toMatchObject([{ extensions: { code: 'INVALID_API_KEY' } }]);
        if (redisDead) await system.redis!.restart();
      },
      60_000,
    );
  });
}
