import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, chmodSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import pg from 'pg';
import { findRunningServer } from '@tributary/postgres';
import { eventually } from '@tributary/kit';
import { Receiver } from '../webhooks/Receiver.js';
import { modes, startSystem } from './harness.js';
import type { Session, System } from './harness.js';

const root = join(import.meta.dirname, '../..');
const api = buildSchema(readFileSync(join(root, 'schema', 'api.graphql'), 'utf8'));
const mutations = Object.keys(api.getMutationType()!.getFields()).sort();
const embedded = modes.includes('embedded') ? test : test.skip;

// How fast phases run and alerts come is not what is promised here, and other tests may keep the machine busy.
const patienceMs = 120_000;
const patiently = { timeoutMs: 30_000, intervalMs: 100 };

let folder: string;
let system: System;
let owner: Session;

beforeAll(async () => {
  if (!modes.includes('embedded')) return;
  folder = mkdtempSync(join(tmpdir(), 'tributary-audit-'));
  chmodSync(folder, 0o711);
  system = await startSystem('embedded', { TRIBUTARY_DATA: folder, WEBHOOK_ALLOW_ADDRESSES: '127.0.0.0/8' });
  owner = await system.signIn();
}, patienceMs);
afterAll(async () => {
  await system?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
}, patienceMs);

/** What people have left in the trail since this was last asked. */
const seen = new Set<string>();
async function newEntries(): Promise<number> {
  const { viewer } = await owner.ask(
    `{ viewer { workspace { auditLog(first: 20) { nodes { id actor { __typename } } } } } }`,
  );
  const ofPeople = viewer.workspace.auditLog.nodes.filter((entry: any) => entry.actor.__typename === 'User');
  const fresh = ofPeople.filter((entry: any) => !seen.has(entry.id));
  for (const { id } of fresh) seen.add(id);
  return fresh.length;
}

embedded(
  'every mutation leaves exactly one entry in the trail',
  async () => {
    const left: [field: string, entries: number][] = [];
    const run = async (field: string, input: Record<string, unknown>, selection: string) => {
      const type = String(api.getMutationType()!.getFields()[field]!.args[0]!.type);
      const data = await owner.ask(`mutation ($input: ${type}) { ${field}(input: $input) { ${selection} } }`, {
        input,
      });
      left.push([field, await newEntries()]);
      return data[field];
    };
    await newEntries();
    const flow = 'flow { id version status }';
    const reaches = (id: string, status: string) =>
      eventually(async () => {
        const { flow } = await owner.ask(`query ($id: ID!) { flow(id: $id) { status } }`, { id });
        expect(flow.status).toBe(status);
      }, patiently);
    const source = { name: 's.csv', format: 'CSV', content: 'name,kind of thing\nmine,server' };

    const started = (await run('startDiscovery', { name: 'A', source, requireApproval: true }, flow)).flow.id;
    await reaches(started, 'AWAITING_APPROVAL');
    await run(
      'approveFieldMappings',
      { flowId: started, mappings: [{ sourceField: 'name', targetField: 'name' }] },
      flow,
    );
    await reaches(started, 'SUCCEEDED');
    const { nodes: assets } = (await owner.ask(`{ assets(first: 1) { nodes { id version } } }`)).assets;
    const { asset } = await run('updateAsset', { ...assets[0], name: 'Another' }, 'asset { id version }');
    await run('retireAsset', asset, 'asset { id }');

    const runner = (await run('createFlow', { kind: 'crew', name: 'B', phases: ['one'] }, flow)).flow.id;
    const report = { flowId: runner, phase: 'one', progress: 0.5, status: 'RUNNING' };
    await run('reportFlowProgress', report, flow);
    await run('pauseFlow', { flowId: runner }, flow);
    await run('resumeFlow', { flowId: runner }, flow);
    const failure = { code: 'BROKEN', message: 'It broke.', retryable: true };
    await run('reportFlowProgress', { ...report, status: 'FAILED', failure }, flow);

    const alert = await eventually(async () => {
      const { alerts } = await owner.ask(`{ alerts(first: 50) { nodes { id status flow { id } } } }`);
      const found = alerts.nodes.find((node: any) => node.flow?.id === runner && node.status !== 'RESOLVED');
      expect(found).toBeDefined();
      return found;
    }, patiently);
    await run('acknowledgeAlert', { id: alert.id }, 'alert { id }');
    await run('assignAlert', { id: alert.id, ownerId: null }, 'alert { id }');
    await run('setAlertRoutes', { version: 0, routes: [] }, 'routes { version }');
    const soon = new Date(Date.now() + 600_000).toISOString();
    const silenced = { matchers: [{ label: 'severity', values: ['CRITICAL'] }], comment: 'Known.', endsAt: soon };
    const { silence } = await run('createAlertSilence', silenced, 'silence { id version }');
    await run('updateAlertSilence', { ...silence, comment: 'Still known.' }, 'silence { id }');
    await run('endAlertSilence', { id: silence.id }, 'silence { id }');
    await run('commentOnAlert', { id: alert.id, comment: 'Look at the log.' }, 'entry { number }');
    await run('unacknowledgeAlert', { id: alert.id }, 'alert { id }');
    await run('acknowledgeAlerts', { ids: [alert.id] }, 'alerts { id }');
    await run('resolveAlerts', { ids: [alert.id, alert.id] }, 'alerts { id } refused { id }');
    await run('retryFlow', { flowId: runner }, flow);
    await run('reportFlowProgress', { ...report, status: 'FAILED', failure }, flow);
    const second = await eventually(async () => {
      const { alerts } = await owner.ask(`{ alerts(first: 50) { nodes { id status flow { id } } } }`);
      const found = alerts.nodes.find((node: any) => node.flow?.id === runner && node.status !== 'RESOLVED');
      expect(found).toBeDefined();
      return found;
    }, patiently);
    await run('resolveAlert', { id: second.id }, 'alert { id }');
    await run('retryFlow', { flowId: runner }, flow);
    await run('cancelFlow', { flowId: runner }, flow);
    const rule = {
      name: 'R',
      metric: 'ERROR_RATE',
      comparison: 'ABOVE',
      threshold: 0.5,
      windowSeconds: 600,
      severity: 'INFO',
      enabled: false,
    };
    const made = (await run('createAlertRule', { rule }, 'rule { id version }')).rule;
    await run('updateAlertRule', { ...made, patch: { name: 'S' } }, 'rule { id }');
    await run('deleteAlertRule', { id: made.id }, 'deletedAlertRuleId');

    const trace = {
      agent: 'a',
      operation: 'o',
      costUsd: 0.1,
      durationMs: 5,
      externalId: 'one',
      inputTokens: 1,
      outputTokens: 1,
      startedAt: new Date().toISOString(),
      status: 'OK',
    };
    await run('ingestTraces', { traces: [trace, { ...trace, externalId: 'two' }] }, 'accepted');
    const price = { model: 'house-model', inputUsdPerMillion: 1, outputUsdPerMillion: 2 };
    await run('setModelPrice', price, 'modelPrice { model }');
    const definition = {
      content: 'name: Racks\nform: table\nrecognise: { all: [Rack, Room] }\nfields: { name: Rack }\n',
    };
    const own = (await run('createSourceDefinition', { definition }, 'definition { id version }')).definition;
    const renamed = { content: definition.content.replace('Racks', 'Racks of the workshop') };
    await run('updateSourceDefinition', { ...own, definition: renamed }, 'definition { id }');
    await run('deleteSourceDefinition', { id: own.id }, 'deletedSourceDefinitionId');
    await using receiver = await Receiver.start();
    const webhook = { name: 'W', url: receiver.url, document: 'subscription { flowUpdates { type } }' };
    const hook = (await run('createWebhook', { webhook }, 'webhook { id version }')).webhook;
    await eventually(async () => {
      const { webhook: stands } = await owner.ask(`query ($id: ID!) { webhook(id: $id) { status } }`, { id: hook.id });
      expect(stands.status).toBe('ACTIVE');
    }, patiently);
    await run('testWebhook', { id: hook.id }, 'attempt { outcome }');
    await run('pauseWebhook', { id: hook.id }, 'webhook { id }');
    const resumed = (await run('resumeWebhook', { id: hook.id }, 'webhook { version }')).webhook;
    await run('updateWebhook', { id: hook.id, ...resumed, patch: { name: 'V' } }, 'webhook { id }');
    await run('rollWebhookSecret', { id: hook.id }, 'webhook { id }');
    await run('replayWebhook', { id: hook.id, fromSequence: 1 }, 'replay { id }');
    await run('discardDeadLetters', { webhookId: hook.id, ids: [`dead_${randomUUID()}`] }, 'discarded');
    await run('deleteWebhook', { id: hook.id }, 'deletedWebhookId');
    const told = { name: 'C', kind: 'WEBHOOK', settings: { url: receiver.url } };
    const { channel } = await run('createChannel', { channel: told }, 'channel { id version }');
    await run('testChannel', { id: channel.id }, 'outcome');
    await run('updateChannel', { ...channel, name: 'D' }, 'channel { id }');
    await run('deleteChannel', { id: channel.id }, 'deletedChannelId');
    const key = (await run('createApiKey', { name: 'k', scopes: ['flow.read'] }, 'apiKey { id }')).apiKey;
    await run('rollApiKey', { id: key.id }, 'apiKey { id }');
    await run('revokeApiKey', { id: key.id }, 'apiKey { id }');
    const { nodes: members } = (await owner.ask(`{ viewer { workspace { members { nodes { role user { id } } } } } }`))
      .viewer.workspace.members;
    const viewer = members.find((member: any) => member.role === 'VIEWER');
    await run('setMemberRole', { userId: viewer.user.id, role: 'OPERATOR' }, 'member { role }');
    await run('removeMember', { userId: viewer.user.id }, 'member { role }');
    const invited = { email: 'new@acme.example', role: 'VIEWER' };
    const { invitation } = await run('inviteMember', invited, 'invitation { id }');
    await run('revokeInvitation', { id: invitation.id }, 'invitation { id }');
    await run('updateWorkspaceSettings', { settings: { retentionDays: 30 } }, 'workspace { id }');
    await run('renameWorkspace', { name: 'Acme Works' }, 'workspace { id }');
    // To sign in once more leaves an entry of its own.
    await system.signIn();
    expect(await newEntries()).toBe(1);
    const { sessions } = (await owner.ask(`{ viewer { sessions { id current } } }`)).viewer;
    const another = sessions.find((session: any) => !session.current);
    await run('revokeSession', { id: another.id }, 'session { id }');
    await run('updateProfile', { displayName: 'Olivia of Acme' }, 'user { displayName }');
    await run('changePassword', { current: 'tributary-demo', next: 'another good password' }, 'changedAt');

    expect(left.filter(([, entries]) => entries !== 1)).toEqual([]);
    expect([...new Set(left.map(([field]) => field))].sort()).toEqual(mutations);
  },
  patienceMs,
);

embedded(
  'npm run audit:verify tells a running system’s trails from broken ones',
  async () => {
    const verify = (...args: string[]) =>
      spawnSync(process.execPath, [join(root, 'operate', 'dist', 'auditVerifyMain.js'), ...args], {
        env: { PATH: process.env['PATH'], TRIBUTARY_DATA: folder },
        encoding: 'utf8',
      });
    const whole = verify();
    expect([whole.stderr, whole.status]).toEqual(['', 0]);
    expect(whole.stdout).toMatch(
      /^acme: \d+ entries, (never signed|signed up to \d+)\nglobex: .*\nWhole: \d+ entries of 2 workspaces\.\n$/,
    );
    const admin = new pg.Client({ connectionString: findRunningServer(join(folder, 'postgres'))! });
    await admin.connect();
    await admin.query(`set session_replication_role = replica`);
    await admin.query(
      `update audit_entry set action = 'x' where number = 2 and workspace_id = (select workspace_id from workspace where slug = 'acme')`,
    );
    await admin.end();
    const broken = verify('--workspace', 'acme', '--json');
    expect(broken.status).toBe(1);
    expect(JSON.parse(broken.stdout)).toMatchObject({
      faults: 1,
      trails: [{ slug: 'acme', faults: [{ fault: 'CHANGED', number: 2 }] }],
    });
    expect(verify('--workspace', 'globex').status).toBe(0);
  },
  patienceMs,
);
