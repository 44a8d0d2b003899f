import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ask, type World } from './World.ts';

export interface KeyedMutation {
  readonly field: string;
  readonly inputType: string;
  /** What tells the entity in the answer. */
  readonly selection: string;
  /** Makes what it works on, new each time, and answers the input without a key. */
  readonly prepare: (world: World) => Promise<Record<string, unknown>>;
  /** Preparing it takes long: it is tried less often. */
  readonly isSlow?: boolean;
  readonly needsWorker?: boolean;
}

const flow = 'flow { id version status }';
const alert = 'alert { id version status }';
const rule = 'rule { id version name }';
const apiKey = 'apiKey { id name }';
const unique = (what: string): string => `${what}-${randomUUID().slice(0, 13)}`;
const ruleInput = () => ({
  name: unique('rule'),
  metric: 'COST_USD',
  comparison: 'ABOVE',
  threshold: 1_000_000,
  windowSeconds: 300,
  severity: 'INFO',
});

const sourceDefinition = 'definition { id version name }';
const definitionInput = () => ({
  content: `name: ${unique('definition')}\nform: table\nrecognise: { all: [${unique('column')}] }\nfields: { name: name }\n`,
});

async function newDefinition(world: World): Promise<{ id: string; version: number }> {
  const document =
    'mutation ($input: CreateSourceDefinitionInput!) { createSourceDefinition(input: $input) { definition { id version } } }';
  return (await ask(world, document, { input: { definition: definitionInput() } })).createSourceDefinition.definition;
}

const channel = 'channel { id name version }';

async function newChannel(world: World): Promise<string> {
  const { rows } = await world.admin.query<{ id: string }>(
    `insert into channel (workspace_id, id, kind, name, settings, status)
     values ($1, gen_random_uuid(), 'WEBHOOK', $2, '{"url":"https://hooks.example.com/"}', 'ACTIVE') returning id`,
    [world.workspaceId, unique('channel')],
  );
  const { id } = rows[0]!;
  await world.admin.query(
    `insert into channel_position (workspace_id, channel_id, is_test, active, seq) values ($1, $2, false, true, 0)`,
    [world.workspaceId, id],
  );
  return `channel_${id}`;
}

const webhook = 'webhook { id name status }';

/** One that its receiver has answered for, with an event to send again and one that could not be delivered. */
async function newWebhook(world: World, status = 'ACTIVE'): Promise<{ id: string; deadLetterId: string }> {
  await newFlow(world);
  const { rows } = await world.admin.query<{ id: string }>(
    `insert into webhook (workspace_id, id, name, url, document, variables, stream, log, cost_per_event, format, signing, max_batch,
       max_per_second, owner_kind, owner_id, status)
     values ($1, gen_random_uuid(), $2, 'https://hooks.example.com/', 'subscription { flowUpdates { type } }', '{}', 'flowUpdates', 'flows',
       1, 'STANDARD', 'SYMMETRIC', 1, 1, 'user', gen_random_uuid(), $3) returning id`,
    [world.workspaceId, unique('webhook'), status],
  );
  const { id } = rows[0]!;
  await world.admin.query(
    `insert into webhook_position (workspace_id, webhook_id, replay_id, log, active, seq, cursor, from_seq)
     values ($1, $2, '00000000-0000-0000-0000-000000000000', 'flows', false, 0, '', 0)`,
    [world.workspaceId, id],
  );
  const letters = await world.admin.query<{ id: string }>(
    `insert into webhook_dead_letter (workspace_id, webhook_id, id, seq, event_id, type, at, reason, attempts, state)
     values ($1, $2, gen_random_uuid(), 1, '', '', now(), '', 1, 'DEAD') returning id`,
    [world.workspaceId, id],
  );
  return { id: `hook_${id}`, deadLetterId: `dead_${letters.rows[0]!.id}` };
}

async function newFlow(world: World): Promise<string> {
  const input = { kind: 'proof', name: unique('flow'), phases: ['work'] };
  return (
    await ask(world, 'mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }', { input })
  ).createFlow.flow.id;
}

async function failedFlow(world: World): Promise<string> {
  const flowId = await newFlow(world);
  const failure = { code: 'PROOF', message: 'For the proof.', retryable: true };
  await ask(
    world,
    'mutation ($input: ReportFlowProgressInput!) { reportFlowProgress(input: $input) { flow { id } } }',
    {
      input: { flowId, phase: 'work', status: 'FAILED', progress: 0.5, failure },
    },
  );
  return flowId;
}

async function pausedFlow(world: World): Promise<string> {
  const flowId = await newFlow(world);
  await ask(world, 'mutation ($input: FlowActionInput!) { pauseFlow(input: $input) { flow { id } } }', {
    input: { flowId },
  });
  return flowId;
}

async function flowThatWaits(world: World): Promise<string> {
  const input = { name: unique('discovery'), requireApproval: true, source: sourceOf(3) };
  const { startDiscovery } = await ask(
    world,
    'mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }',
    { input },
  );
  const { id } = startDiscovery.flow;
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await ask(world, 'query ($id: ID!) { flow(id: $id) { status } }', { id });
    if (answer.flow.status === 'AWAITING_APPROVAL') return id;
    await delay(100);
  }
  throw new Error(`${id} does not come to wait for approval.`);
}

const sourceOf = (rows: number) => ({
  name: 'servers.csv',
  format: 'CSV',
  content: `name,ip\n${Array.from({ length: rows }, (_, n) => `${unique('server')},10.0.0.${n + 1}`).join('\n')}`,
});

async function newAsset(world: World): Promise<string> {
  const name = unique('asset');
  const { rows } = await world.admin.query<{ id: string }>(
    `insert into asset (workspace_id, id, source_key, source_shape, fingerprint, kind, name, name_key, status, criticality, search_text)
     values ($1, gen_random_uuid(), $2, '', $2, 'SERVER', $2, $2, 'ACTIVE', 'LOW', $2) returning id`,
    [world.workspaceId, name],
  );
  await world.admin.query(`insert into asset_sighting (workspace_id, asset_id, last_seen_at) values ($1, $2, now())`, [
    world.workspaceId,
    rows[0]!.id,
  ]);
  return `asset_${rows[0]!.id}`;
}

async function newAlert(world: World): Promise<string> {
  const { rows } = await world.admin.query<{ id: string }>(
    `insert into alert (workspace_id, id, fingerprint, severity, status, title, description, labels, first_seen_at, last_seen_at)
     values ($1, gen_random_uuid(), $2, 'INFO', 'FIRING', 'A thing', 'A thing', '{}', now(), now()) returning id`,
    [world.workspaceId, unique('proof')],
  );
  return `alert_${rows[0]!.id}`;
}

async function newRule(world: World): Promise<{ id: string; version: number }> {
  return (
    await ask(
      world,
      'mutation ($input: CreateAlertRuleInput!) { createAlertRule(input: $input) { rule { id version } } }',
      {
        input: { rule: ruleInput() },
      },
    )
  ).createAlertRule.rule;
}

const silenceInput = () => ({
  matchers: [{ label: 'key', values: [unique('key')] }],
  comment: 'For the proof',
  endsAt: new Date(Date.now() + 3_600_000).toISOString(),
});

/** In a workspace that has room for it: proofs make more than it may have. */
async function newSilence(world: World): Promise<{ id: string; version: number }> {
  await makeRoom(world);
  const document =
    'mutation ($input: CreateAlertSilenceInput!) { createAlertSilence(input: $input) { silence { id version } } }';
  return (await ask(world, document, { input: silenceInput() })).createAlertSilence.silence;
}

async function makeRoom(world: World): Promise<void> {
  await world.admin.query(
    `update alert_silence set ended_at = now() where workspace_id = $1 and created_at < now() - interval '1 minute'`,
    [world.workspaceId],
  );
}

/** Of the demo owner, who is in front. */
const ownerPassword = 'tributary-demo';

/** A session of the owner, as if they had signed in elsewhere. */
async function newSession(world: World): Promise<string> {
  const { rows } = await world.admin.query<{ id: string }>(
    `insert into session (workspace_id, id, user_id)
     select workspace_id, gen_random_uuid(), user_id from member where workspace_id = $1 and role = 'OWNER' limit 1 returning id`,
    [world.workspaceId],
  );
  return `sess_${rows[0]!.id}`;
}

async function newKey(world: World): Promise<string> {
  return (
    await ask(world, 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } } }', {
      input: { name: unique('key'), scopes: ['flow.read'] },
    })
  ).createApiKey.apiKey.id;
}

async function invite(world: World): Promise<{ id: string; token: string }> {
  const { inviteMember } = await ask(
    world,
    'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } token } }',
    { input: { email: `${unique('somebody')}@proof.example`, role: 'VIEWER' } },
  );
  return { id: inviteMember.invitation.id, token: inviteMember.token };
}

async function newMember(world: World): Promise<string> {
  const before = await memberIds(world);
  await world.accept((await invite(world)).token);
  return (await memberIds(world)).find((id) => !before.includes(id))!;
}

async function memberIds(world: World): Promise<string[]> {
  const { rows } = await world.admin.query<{ id: string }>(
    'select user_id::text as id from member where workspace_id = $1',
    [world.workspaceId],
  );
  return rows.map(({ id }) => `user_${id}`);
}

/** Every mutation that takes an idempotencyKey. */
export const keyedMutations: readonly KeyedMutation[] = [
  ...(
    [
      ['pauseFlow', newFlow],
      ['resumeFlow', pausedFlow],
      ['cancelFlow', newFlow],
      ['retryFlow', failedFlow],
    ] as const
  ).map(([field, make]) => ({
    field,
    inputType: 'FlowActionInput',
    selection: flow,
    prepare: async (world: World) => ({ flowId: await make(world) }),
  })),
  {
    field: 'createFlow',
    inputType: 'CreateFlowInput',
    selection: flow,
    prepare: async () => ({ kind: 'proof', name: unique('flow'), phases: ['work'] }),
  },
  {
    field: 'reportFlowProgress',
    inputType: 'ReportFlowProgressInput',
    selection: flow,
    prepare: async (world) => ({ flowId: await newFlow(world), phase: 'work', status: 'RUNNING', progress: 0.5 }),
  },
  {
    field: 'startDiscovery',
    inputType: 'StartDiscoveryInput',
    // How far it is by the time of a replay is the worker's business.
    selection: 'flow { id }',
    prepare: async () => ({ name: unique('discovery'), source: sourceOf(2) }),
  },
  {
    field: 'approveFieldMappings',
    inputType: 'ApproveFieldMappingsInput',
    selection: 'flow { id }',
    prepare: async (world) => ({
      flowId: await flowThatWaits(world),
      mappings: [
        { sourceField: 'name', targetField: 'name' },
        { sourceField: 'ip', targetField: 'ipAddress' },
      ],
    }),
    isSlow: true,
    needsWorker: true,
  },
  {
    field: 'setModelPrice',
    inputType: 'SetModelPriceInput',
    selection: 'modelPrice { model validFrom inputUsdPerMillion }',
    prepare: async () => ({ model: unique('model'), inputUsdPerMillion: 1, outputUsdPerMillion: 2 }),
  },
  {
    field: 'updateAsset',
    inputType: 'UpdateAssetInput',
    selection: 'asset { id version tags }',
    prepare: async (world) => ({ id: await newAsset(world), version: 1, tags: ['proof'] }),
  },
  {
    field: 'retireAsset',
    inputType: 'RetireAssetInput',
    selection: 'asset { id version status }',
    prepare: async (world) => ({ id: await newAsset(world), version: 1 }),
  },
  ...['acknowledgeAlert', 'resolveAlert'].map((field) => ({
    field,
    inputType: field === 'resolveAlert' ? 'ResolveAlertInput' : 'AcknowledgeAlertInput',
    selection: alert,
    prepare: async (world: World) => ({ id: await newAlert(world) }),
  })),
  {
    field: 'unacknowledgeAlert',
    inputType: 'UnacknowledgeAlertInput',
    selection: alert,
    prepare: async (world) => {
      const id = await newAlert(world);
      await ask(world, 'mutation ($id: ID!) { acknowledgeAlert(input: { id: $id }) { alert { id } } }', { id });
      return { id };
    },
  },
  {
    field: 'assignAlert',
    inputType: 'AssignAlertInput',
    selection: alert,
    prepare: async (world) => ({ id: await newAlert(world), ownerId: null }),
  },
  {
    field: 'commentOnAlert',
    inputType: 'CommentOnAlertInput',
    selection: `${alert} entry { number }`,
    prepare: async (world) => ({ id: await newAlert(world), comment: 'Said once' }),
  },
  ...['acknowledgeAlerts', 'resolveAlerts'].map((field) => ({
    field,
    inputType: field === 'resolveAlerts' ? 'ResolveAlertsInput' : 'AcknowledgeAlertsInput',
    selection: 'alerts { id version status } refused { id }',
    prepare: async (world: World) => ({ ids: [await newAlert(world)] }),
  })),
  {
    field: 'createAlertRule',
    inputType: 'CreateAlertRuleInput',
    selection: rule,
    prepare: async () => ({ rule: ruleInput() }),
  },
  {
    field: 'updateAlertRule',
    inputType: 'UpdateAlertRuleInput',
    selection: rule,
    prepare: async (world) => ({ ...(await newRule(world)), patch: { name: unique('renamed') } }),
  },
  {
    field: 'deleteAlertRule',
    inputType: 'DeleteAlertRuleInput',
    selection: 'deletedAlertRuleId',
    prepare: async (world) => ({ id: (await newRule(world)).id }),
  },
  {
    field: 'setAlertRoutes',
    inputType: 'SetAlertRoutesInput',
    selection: 'routes { version }',
    prepare: async (world) => {
      const { alertRoutes } = await ask(world, '{ alertRoutes { version } }', {});
      return { version: alertRoutes.version, routes: [] };
    },
  },
  {
    field: 'createAlertSilence',
    inputType: 'CreateAlertSilenceInput',
    selection: 'silence { id version comment } matches',
    prepare: async (world) => {
      await makeRoom(world);
      return silenceInput();
    },
  },
  {
    field: 'updateAlertSilence',
    inputType: 'UpdateAlertSilenceInput',
    selection: 'silence { id version comment }',
    prepare: async (world) => ({ ...(await newSilence(world)), comment: 'For the proof, again' }),
  },
  {
    field: 'endAlertSilence',
    inputType: 'EndAlertSilenceInput',
    selection: 'silence { id version endedAt }',
    prepare: async (world) => ({ id: (await newSilence(world)).id }),
  },
  {
    field: 'createSourceDefinition',
    inputType: 'CreateSourceDefinitionInput',
    selection: sourceDefinition,
    prepare: async () => ({ definition: definitionInput() }),
  },
  {
    field: 'updateSourceDefinition',
    inputType: 'UpdateSourceDefinitionInput',
    selection: sourceDefinition,
    prepare: async (world) => ({ ...(await newDefinition(world)), definition: definitionInput() }),
  },
  {
    field: 'deleteSourceDefinition',
    inputType: 'DeleteSourceDefinitionInput',
    selection: 'deletedSourceDefinitionId',
    prepare: async (world) => ({ id: (await newDefinition(world)).id }),
  },
  {
    field: 'createApiKey',
    inputType: 'CreateApiKeyInput',
    selection: apiKey,
    prepare: async () => ({ name: unique('key'), scopes: ['flow.read'] }),
  },
  {
    field: 'rollApiKey',
    inputType: 'RollApiKeyInput',
    selection: apiKey,
    prepare: async (world) => ({ id: await newKey(world) }),
  },
  {
    field: 'revokeApiKey',
    inputType: 'RevokeApiKeyInput',
    selection: apiKey,
    prepare: async (world) => ({ id: await newKey(world) }),
  },
  {
    field: 'changePassword',
    inputType: 'ChangePasswordInput',
    selection: 'changedAt',
    prepare: () => Promise.resolve({ current: ownerPassword, next: ownerPassword }),
  },
  {
    field: 'updateProfile',
    inputType: 'UpdateProfileInput',
    selection: 'user { displayName }',
    prepare: () => Promise.resolve({ displayName: 'Olivia of the night shift' }),
  },
  {
    field: 'revokeSession',
    inputType: 'RevokeSessionInput',
    selection: 'session { id }',
    prepare: async (world) => ({ id: await newSession(world) }),
  },
  {
    field: 'inviteMember',
    inputType: 'InviteMemberInput',
    selection: 'invitation { id }',
    prepare: async () => ({ email: `${unique('somebody')}@proof.example`, role: 'VIEWER' }),
  },
  {
    field: 'revokeInvitation',
    inputType: 'RevokeInvitationInput',
    selection: 'invitation { id }',
    prepare: async (world) => ({ id: (await invite(world)).id }),
  },
  {
    field: 'setMemberRole',
    inputType: 'SetMemberRoleInput',
    selection: 'member { role user { id } }',
    prepare: async (world) => ({ userId: await newMember(world), role: 'OPERATOR' }),
    isSlow: true,
  },
  {
    field: 'removeMember',
    inputType: 'RemoveMemberInput',
    selection: 'member { role user { id } }',
    prepare: async (world) => ({ userId: await newMember(world) }),
    isSlow: true,
  },
  {
    field: 'renameWorkspace',
    inputType: 'RenameWorkspaceInput',
    selection: 'workspace { id }',
    prepare: async () => ({ name: unique('Workspace') }),
  },
  {
    field: 'updateWorkspaceSettings',
    inputType: 'UpdateWorkspaceSettingsInput',
    selection: 'workspace { id }',
    prepare: async () => ({ settings: { [unique('setting').replaceAll('-', '')]: 1 } }),
  },
  {
    field: 'createChannel',
    inputType: 'CreateChannelInput',
    selection: channel,
    prepare: async () => ({
      channel: { name: unique('channel'), kind: 'WEBHOOK', settings: { url: 'https://hooks.example.com/' } },
    }),
  },
  {
    field: 'updateChannel',
    inputType: 'UpdateChannelInput',
    selection: channel,
    prepare: async (world) => ({ id: await newChannel(world), version: 1, name: unique('renamed') }),
  },
  {
    field: 'deleteChannel',
    inputType: 'ChannelActionInput',
    selection: 'deletedChannelId',
    prepare: async (world) => ({ id: await newChannel(world) }),
  },
  {
    field: 'testChannel',
    inputType: 'ChannelActionInput',
    selection: 'channel { id } outcome',
    prepare: async (world) => ({ id: await newChannel(world) }),
    isSlow: true,
    needsWorker: true,
  },
  {
    field: 'createWebhook',
    inputType: 'CreateWebhookInput',
    selection: webhook,
    prepare: async () => ({
      webhook: {
        name: unique('webhook'),
        url: 'https://hooks.example.com/',
        document: 'subscription { flowUpdates { type } }',
      },
    }),
  },
  {
    field: 'updateWebhook',
    inputType: 'UpdateWebhookInput',
    selection: webhook,
    prepare: async (world) => ({ id: (await newWebhook(world)).id, version: 1, patch: { name: unique('renamed') } }),
  },
  {
    field: 'deleteWebhook',
    inputType: 'WebhookActionInput',
    selection: 'deletedWebhookId',
    prepare: async (world) => ({ id: (await newWebhook(world)).id }),
  },
  {
    field: 'testWebhook',
    inputType: 'WebhookActionInput',
    selection: 'webhook { id } attempt { id }',
    prepare: async (world) => ({ id: (await newWebhook(world)).id }),
    isSlow: true,
    needsWorker: true,
  },
  {
    field: 'pauseWebhook',
    inputType: 'WebhookActionInput',
    selection: webhook,
    prepare: async (world) => ({ id: (await newWebhook(world)).id }),
  },
  {
    field: 'resumeWebhook',
    inputType: 'ResumeWebhookInput',
    selection: webhook,
    prepare: async (world) => ({ id: (await newWebhook(world, 'PAUSED')).id }),
  },
  {
    field: 'rollWebhookSecret',
    inputType: 'RollWebhookSecretInput',
    selection: webhook,
    prepare: async (world) => ({ id: (await newWebhook(world)).id }),
  },
  {
    field: 'replayWebhook',
    inputType: 'ReplayWebhookInput',
    selection: 'webhook { id } replay { id }',
    prepare: async (world) => ({ id: (await newWebhook(world)).id, fromSequence: 1 }),
  },
  {
    field: 'discardDeadLetters',
    inputType: 'DiscardDeadLettersInput',
    selection: 'discarded',
    prepare: async (world) => {
      const { id, deadLetterId } = await newWebhook(world);
      return { webhookId: id, ids: [deadLetterId] };
    },
  },
];
