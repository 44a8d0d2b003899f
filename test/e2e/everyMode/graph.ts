import { beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@tributary/kit';
import { createClient as createSseClient } from 'graphql-sse';
import { discover, follow } from '../discoveryRun.js';
import { flowPage, servers } from '../documents.js';
import type { Mode, Session, System } from '../harness.js';

/** What every client of the graph relies on. */
export function describeGraph(mode: Mode, running: () => System): void {
  describe('one graph', () => {
    // Apollo Router opens no subscriptions without a licence.
    const live = mode === 'apollo-router' ? test.skip : test;
    let system: System;
    let owner: Session;

    beforeAll(async () => {
      system = running();
      owner = await system.signIn();
    });

    test('tells who asks, where, and what they may do', async () => {
      const { viewer } = await owner.ask(
        `{ viewer { role permissions user { displayName email } apiKey { id } workspace { slug name members { totalCount nodes { role user { email } } } } workspaces { slug } } }`,
      );
      expect(viewer).toMatchObject({ role: 'OWNER', apiKey: null, workspace: { slug: 'acme' } });
      expect(viewer.user.email).toBe('owner@acme.example');
      expect(viewer.permissions).toContain('flow.start');
    });

    test('a viewer reads and may not write', async () => {
      const viewer = await system.signIn('viewer');
      expect(await viewer.ask(`{ flows { nodes { id } } }`)).toEqual({ flows: { nodes: expect.any(Array) } });
      const refused = await viewer.send(
        `mutation { startDiscovery(input: { name: "x", source: { name: "x", format: CSV, content: "name\\na" } }) { flow { id } } }`,
      );
      expect(refused).toMatchObject({
        data: { startDiscovery: null },
        errors: [{ extensions: { code: 'INSUFFICIENT_PERMISSIONS' } }],
      });
    });

    test('nobody gets nothing but a code that says to sign in', async () => {
      const answer = await system.post({ query: '{ flows { nodes { id } } }' });
      expect(answer.errors?.[0]?.extensions).toMatchObject({
        code: 'INVALID_CREDENTIALS',
        requestId: expect.any(String),
      });
    });

    test('a partner’s key does what its scopes say and no more', async () => {
      const created = await owner.ask(
        `mutation { createApiKey(input: { name: "runner", scopes: ["flow.read", "flow.report", "member.read"] }) { secret apiKey { id prefix } } }`,
      );
      const key = { 'x-api-key': created.createApiKey.secret as string };
      const flow = await system.post<any>(
        {
          query: `mutation { createFlow(input: { kind: "crew", name: "Outside", phases: ["plan", "act"] }) { flow { id status createdBy { __typename } phases { name status } } } }`,
        },
        key,
      );
      expect(flow.data.createFlow.flow).toMatchObject({ createdBy: { __typename: 'ApiKey' } });
      expect((await system.post({ query: '{ assets { nodes { id } } }' }, key)).errors?.[0]?.extensions.code).toBe(
        'INSUFFICIENT_PERMISSIONS',
      );
      const report = (phase: string, status: string, progress: number) =>
        system.post<any>(
          {
            query: `mutation ($input: ReportFlowProgressInput!) { reportFlowProgress(input: $input) { flow { status progress } } }`,
            variables: { input: { flowId: flow.data.createFlow.flow.id, phase, status, progress } },
          },
          key,
        );
      await report('plan', 'RUNNING', 0.5);
      await report('plan', 'SUCCEEDED', 1);
      expect((await report('plan', 'RUNNING', 0.2)).errors).toBeUndefined();
      expect((await report('act', 'SUCCEEDED', 1)).data.reportFlowProgress.flow).toMatchObject({
        status: 'SUCCEEDED',
        progress: 1,
      });
      expect((await report('act', 'RUNNING', 0.1)).errors?.[0]?.extensions.code).toBe('RESOURCE_CONFLICT');
      await owner.ask(`mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { revokedAt } } }`, {
        id: created.createApiKey.apiKey.id,
      });
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      expect((await system.post({ query: '{ flows { nodes { id } } }' }, key)).errors?.[0]?.extensions.code).toBe(
        'INVALID_API_KEY',
      );
    }, 60_000);

    test('one operation asks all subgraphs at once', async () => {
      const { flow } = await discover(owner, {
        source: { name: 'page.csv', format: 'CSV', content: servers(25, 'page') },
      });
      expect(flow.assets.nodes).toHaveLength(20);
      expect(
        flow.assets.nodes.every((asset: { discoveredBy: { id: string } }) => asset.discoveredBy.id === flow.id),
      ).toBe(true);
      const again = await owner.send(flowPage, { id: flow.id });
      expect(again.errors).toBeUndefined();
      const found = await owner.ask(`query ($id: ID!) { node(id: $id) { __typename id ... on Asset { name } } }`, {
        id: flow.assets.nodes[0].id,
      });
      expect(found.node).toMatchObject({ __typename: 'Asset', name: flow.assets.nodes[0].name });
    }, 60_000);

    live(
      'traces become figures, and rules over figures become alerts',
      async () => {
        const now = Date.now();
        const traces = Array.from({ length: 20 }, (_, n) => ({
          externalId: `e2e-${mode}-${n}`,
          startedAt: new Date(now - n * 1_000).toISOString(),
          durationMs: 100 + n,
          status: n % 2 ? 'ERROR' : 'OK',
          agent: 'e2e-agent',
          operation: 'run',
          costUsd: 0.01,
          inputTokens: 10,
          outputTokens: 5,
        }));
        const ingest = `mutation ($input: IngestTracesInput!) { ingestTraces(input: $input) { accepted duplicates rejected { index code } } }`;
        expect((await owner.ask(ingest, { input: { traces } })).ingestTraces).toEqual({
          accepted: 20,
          duplicates: 0,
          rejected: [],
        });
        expect((await owner.ask(ingest, { input: { traces } })).ingestTraces).toEqual({
          accepted: 0,
          duplicates: 20,
          rejected: [],
        });
        const range = { from: new Date(now - 60_000).toISOString(), to: new Date(now + 60_000).toISOString() };
        const { kpis } = await owner.ask(
          `query ($range: TimeRange!) { kpis(range: $range, filter: { agent: ["e2e-agent"] }) { requests { value } errorRate { value } costUsd { value } latencyMs { p50 max } freshAsOf } }`,
          { range },
        );
        expect(kpis).toMatchObject({ requests: { value: 20 }, errorRate: { value: 0.5 }, latencyMs: { max: 119 } });
        expect(kpis.costUsd.value).toBeCloseTo(0.2);
        const watching = owner.watch(
          `subscription { alertUpdates { sequence type alert { id title severity rule { id } } } }`,
        );
        expect((await watching.next()).value.data.alertUpdates.type).toBe('stream.snapshot');
        const rule = {
          name: 'Too many errors',
          metric: 'ERROR_RATE',
          comparison: 'ABOVE',
          threshold: 0.2,
          windowSeconds: 300,
          severity: 'CRITICAL',
          scope: { agent: ['e2e-agent'] },
        };
        const created = await owner.ask(
          `mutation ($input: CreateAlertRuleInput!) { createAlertRule(input: $input) { rule { id version } } }`,
          { input: { rule } },
        );
        const fired = (await watching.next()).value.data.alertUpdates;
        expect(fired).toMatchObject({
          type: 'alert.fired',
          alert: { severity: 'CRITICAL', rule: { id: created.createAlertRule.rule.id } },
        });
        const acknowledged = await owner.ask(
          `mutation ($id: ID!) { acknowledgeAlert(input: { id: $id, comment: "seen" }) { alert { status comment acknowledgedBy { ... on User { displayName } } } } }`,
          { id: fired.alert.id },
        );
        expect(acknowledged.acknowledgeAlert.alert).toMatchObject({
          status: 'ACKNOWLEDGED',
          comment: 'seen',
          acknowledgedBy: { displayName: expect.any(String) },
        });
        await watching.return!();
      },
      60_000,
    );

    live(
      'a subscription is served over SSE as well',
      async () => {
        const client = createSseClient({ url: system.url, headers: owner.headers, retryAttempts: 0 });
        const events = client.iterate<any>({
          query: 'subscription { flowUpdates { sequence type flow { id name } } }',
        });
        expect((await events.next()).value.data.flowUpdates.type).toBe('stream.snapshot');
        const starting = discover(owner, {
          name: 'Over SSE',
          source: { name: 's.csv', format: 'CSV', content: servers(3, 'sse') },
        });
        const created = (await events.next()).value.data.flowUpdates;
        expect(created).toMatchObject({ type: 'flow.created', flow: { name: 'Over SSE' } });
        await events.return!();
        client.dispose();
        await starting;
      },
      60_000,
    );

    test('the same idempotencyKey starts one discovery', async () => {
      const input = {
        name: 'Once',
        source: { name: 'o.csv', format: 'CSV', content: servers(3, 'once') },
        idempotencyKey: `once-${mode}`,
      };
      const send = () =>
        owner.send<any>(`mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }`, {
          input,
        });
      const answers = await Promise.all([send(), send(), send(), send()]);
      expect(new Set(answers.map((answer) => answer.data.startDiscovery?.flow.id)).size).toBe(1);
      const conflict = await owner.send(
        `mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }`,
        { input: { ...input, name: 'Twice' } },
      );
      expect(conflict.errors?.[0]?.extensions.code).toBe('RESOURCE_CONFLICT');
      await follow(owner, answers[0].data.startDiscovery.flow.id);
    }, 60_000);

    test('tells that it lives and is ready, and shows its figures', async () => {
      expect((await fetch(`${system.origin}/health/live`)).status).toBe(200);
      expect((await fetch(`${system.origin}/health/ready`)).status).toBe(200);
      expect(await (await fetch(`${system.origin}/health`)).json()).toMatchObject({
        status: 'ready',
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      });
      expect(await (await fetch(`${system.origin}/metrics`)).text()).toContain('tributary_');
    });

    const circumstances =
      mode === 'cluster' || mode === 'containers' ? ['with Redis', 'with Redis dead'] : ['as it is'];
    test.each(circumstances)(
      'a suspended workspace is shut within 2 s, %s',
      async (circumstance) => {
        const person = await system.signIn('owner', 'globex');
        const created = await person.ask(
          `mutation { createApiKey(input: { name: "runner", scopes: ["flow.read"] }) { secret } }`,
        );
        const key = { 'x-api-key': created.createApiKey.secret as string };
        expect((await system.post({ query: '{ flows { nodes { id } } }' }, key)).errors).toBeUndefined();
        const watching = person.watch('subscription { flowUpdates { sequence } }');
        await watching.next();
        if (circumstance === 'with Redis dead') await system.redis!.kill();
        await system.admin('suspend-workspace', '--slug', 'globex');
        const since = Date.now();
        const shut = { code: 'INSUFFICIENT_PERMISSIONS', details: { reason: 'WORKSPACE_SUSPENDED' } };
        for (const headers of [person.headers, key]) {
          await eventually(
            async () => {
              const answer = await system.post({ query: '{ flows { nodes { id } } }' }, headers);
              expect(answer.errors?.[0]?.extensions).toMatchObject(shut);
            },
            { timeoutMs: 2_000 - (Date.now() - since) },
          );
        }
        // The workspace's own flows may have gone on until then.
        const untilItEnds = async () => {
          while (!(await watching.next()).done);
        };
        await expect(untilItEnds()).rejects.toMatchObject({ code: 4441 });
        await expect(system.signIn('owner', 'globex')).rejects.toThrow('WORKSPACE_SUSPENDED');
        expect((await owner.ask('{ viewer { role } }')).viewer.role).toBe('OWNER');
        await system.admin('reactivate-workspace', '--slug', 'globex');
        await eventually(() => person.ask('{ viewer { role } }'));
        await eventually(() => system.signIn('viewer', 'globex'));
        await system.redis?.restart();
      },
      60_000,
    );
  });
}
