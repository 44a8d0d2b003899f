import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { askGateway, send } from '@tributary/kit/client';
import { zipBuffer } from '@tributary/kit/sources';
import type { Canaries, Letter } from './canaries.ts';
import { fillWebhooks } from './fillWebhooks.ts';
import { password, type People } from './people.ts';

/** Newer than whatever the product's own agents do meanwhile: the net reads the newest. */
const aheadMs = 120_000;

/** What later steps have to name. */
export interface Filled {
  /** Of the mutation field, the idempotencyKey that the owner has used, with the input that went with it. */
  readonly keyed: Readonly<Record<string, { readonly key: string; readonly input: Record<string, unknown> }>>;
  /** Runs on, and is there to be reported on. */
  readonly runnerFlowId: string;
  readonly runnerPhase: string;
}

/** Mutations whose input is not called as they are. */
const sharedInputs: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['pauseFlow', 'resumeFlow', 'cancelFlow', 'retryFlow'].map((field) => [field, 'FlowActionInput']),
  ),
  ...Object.fromEntries(['pauseWebhook', 'testWebhook', 'deleteWebhook'].map((field) => [field, 'WebhookActionInput'])),
  ...Object.fromEntries(['testChannel', 'deleteChannel'].map((field) => [field, 'ChannelActionInput'])),
};

const patienceMs = 60_000;

/**
 * Flows beyond those that every workspace has. The streams of A are longer than those of C and shorter than those of B, so that whoever
 * is given another's stream instead of A's finds events in it: B's that have happened, C's that happen.
 */
const moreFlows: Readonly<Record<Letter, number>> = { a: 2, b: 5, c: 0 };

/**
 * Does in a workspace everything that the product can do, through its API, so that every table has rows. Texts that the product works
 * with carry their canaries from here on; the others get theirs by plantCanaries.
 */
export async function fillWorkspace(origin: string, people: People, canaries: Canaries): Promise<Filled> {
  const { owner, letter } = people;
  const of = (column: string) => canaries.of(letter, column);
  const keyed: Record<string, { key: string; input: Record<string, unknown> }> = {};
  const run = (query: string, variables: Record<string, unknown> = {}) =>
    askGateway(origin, owner.headers, query, variables);
  const mutate = async (field: string, selection: string, input: Record<string, unknown>): Promise<any> => {
    const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
    const inputType = sharedInputs[field] ?? type;
    const key = `${of('idempotency_key.key')}-${field}`;
    // Traces bring keys of their own: their externalIds.
    const isFirst = !keyed[field] && field !== 'ingestTraces';
    const whole = isFirst ? { ...input, idempotencyKey: key } : input;
    const data = await run(`mutation ($input: ${inputType}!) { ${field}(input: $input) { ${selection} } }`, {
      input: whole,
    });
    if (isFirst) keyed[field] = { key, input };
    return data[field];
  };

  const discovery = async (name: string, requireApproval: boolean): Promise<string> =>
    (
      await mutate('startDiscovery', 'flow { id }', {
        name,
        requireApproval,
        source: { name: `${of('discovery_flow.source_name')}.csv`, format: 'CSV', content: servers(of) },
      })
    ).flow.id as string;
  const first = await discovery(`Discovery ${of('flow.name')}`, false);
  const related = async (): Promise<string> => {
    const content = `parent,type,child\nserver 2 ${of('asset.name')},warms ${of('asset_dependency.relation')}::warmed by,server 3 ${of('asset.name')}\n`;
    const source = { name: 'relations.csv', format: 'CSV', content };
    return (await mutate('startDiscovery', 'flow { id }', { name: 'Relations', source })).flow.id as string;
  };
  const waiting = await discovery('Waits', true);
  const upload = await send('POST', `${origin}/uploads?name=${of('upload.name')}.csv`, owner.headers, servers(of));
  if (upload.status !== 201) throw new Error(`The upload answered ${upload.status}: ${upload.text}`);

  const sheet = `two ${of('discovery_flow.source_sheet')}.csv`;
  const files = {
    'one.csv': `name,ip\npacked 1 ${of('asset.name')},10.1.0.1\n`,
    [sheet]: 'name,ip\npacked 2,10.1.0.2\n',
  };
  const bytes = await zipBuffer(files);
  const length = { ...owner.headers, 'content-length': String(bytes.length) };
  const packed = await send('POST', `${origin}/uploads?name=packed.zip`, length, Readable.from([bytes]));
  const { uploadId } = JSON.parse(packed.text) as { uploadId: string };
  for (const chosen of [null, sheet]) {
    const source = { name: 'packed.zip', uploadId, sheet: chosen, encoding: 'utf-8' };
    await mutate('startDiscovery', 'flow { id }', { name: 'Packed', source });
  }

  const definition = (name: string) => ({
    definition: {
      content: `name: ${name} ${of('source_definition.name')}\nfrom: ${of('source_definition.content')}\nform: table\nrecognise: { all: [never seen] }\nfields: { name: never seen }\n`,
    },
  });
  const own = (await mutate('createSourceDefinition', 'definition { id version }', definition('Own'))).definition;
  await mutate('updateSourceDefinition', 'definition { id }', { ...own, ...definition('Changed') });
  const gone = (await mutate('createSourceDefinition', 'definition { id }', definition('Gone'))).definition;
  await mutate('deleteSourceDefinition', 'deletedSourceDefinitionId', { id: gone.id });

  const phase = `collect ${of('flow_phase.name')}`;
  const makeRunner = async (name: string): Promise<string> =>
    (
      await mutate('createFlow', 'flow { id }', {
        kind: `scan-${of('flow.kind')}`,
        name,
        phases: [phase, 'second'],
      })
    ).flow.id as string;
  const report = (flowId: string, more: Record<string, unknown>) =>
    mutate('reportFlowProgress', 'flow { id }', {
      flowId,
      phase,
      status: 'RUNNING',
      progress: 0.2,
      message: `Message ${of('event.payload')}`,
      data: { note: of('event.payload') },
      ...more,
    });
  /** A run and a call of a model that is a part of it: only OTLP tells of trees. */
  const sendRun = async (agent: string): Promise<void> => {
    const traceId = randomUUID().replaceAll('-', '');
    const [run, call] = [randomUUID(), randomUUID()].map((id) => id.replaceAll('-', '').slice(16)) as [string, string];
    const at = Date.now() + aheadMs;
    const span = (spanId: string, parentSpanId: string, operation: string) => ({
      traceId,
      spanId,
      parentSpanId,
      name: operation,
      startTimeUnixNano: `${at}000000`,
      endTimeUnixNano: `${at + 5}000000`,
      attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: operation } }],
    });
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: agent } }] };
    const spans = [span(run, '', 'invoke_agent'), span(call, run, 'chat')];
    const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
    const headers = { ...owner.headers, 'content-type': 'application/json' };
    const answer = await send('POST', `${origin}/v1/traces`, headers, body);
    if (answer.status !== 200) throw new Error(`The spans answered ${answer.status}: ${answer.text}`);
  };
  const runnerFlowId = await makeRunner('Runs');
  await report(runnerFlowId, {});
  const paused = await makeRunner('Paused');
  await mutate('pauseFlow', 'flow { id }', { flowId: paused });
  for (let n = 0; n < moreFlows[letter]; n += 1) await makeRunner('More');
  await mutate('cancelFlow', 'flow { id }', { flowId: await makeRunner('Cancelled') });
  const fails = async (retryable: boolean): Promise<string> => {
    const id = await makeRunner('Fails');
    const failure = {
      code: `E_${of('flow.failure_code')}`,
      message: `Failed ${of('flow.failure_message')}`,
      retryable,
    };
    await report(id, { status: 'FAILED', failure });
    return id;
  };
  const failed: string[] = [];
  for (const retryable of [true, false, true, true, true, true, true]) {
    failed.push(await fails(retryable));
  }

  await mutate('setModelPrice', 'modelPrice { model }', {
    model: `model ${of('model_price.model')}`,
    provider: `provider ${of('model_price.provider')}`,
    inputUsdPerMillion: 1,
    outputUsdPerMillion: 2,
    cachedInputUsdPerMillion: 0.5,
    cacheWriteUsdPerMillion: 1.5,
  });
  await mutate('ingestTraces', 'accepted', {
    traces: Array.from({ length: 4 }, (_, n) => ({
      externalId: `trace-${n}-${of('trace.external_id')}`,
      // The last one in the period before, for what compares the two.
      startedAt: new Date(Date.now() + (n === 0 ? aheadMs : n === 3 ? -108_000_000 : -14_400_000 * n)).toISOString(),
      durationMs: 100 + n,
      status: n === 3 ? 'ERROR' : 'OK',
      agent: `agent ${of('trace_series.agent')}`,
      operation: 'chat',
      model: `model ${of('trace_series.model')}`,
      department: `department ${of('trace_series.department')}`,
      environment: `environment ${of('trace_series.environment')}`,
      version: `version ${of('trace_series.version')}`,
      provider: `provider ${of('trace_series.provider')}`,
      sessionId: `session ${of('trace.session_id')}`,
      userId: `user ${of('trace.user_id')}`,
      inputTokens: 10,
      outputTokens: 20,
      costUsd: 0.01,
      flowId: runnerFlowId,
      attributes: { note: 'n' },
    })),
  });
  await sendRun(`agent ${of('trace_series.agent')}`);
  const scope = {
    agent: [`agent ${of('trace_series.agent')}`],
    department: [`department ${of('trace_series.department')}`],
    environment: [`environment ${of('trace_series.environment')}`],
    model: [`model ${of('trace_series.model')}`],
    version: [`version ${of('trace_series.version')}`],
    flowId: [runnerFlowId],
  };
  const rule = {
    name: `Rule ${of('alert_rule.name')}`,
    metric: 'REQUESTS',
    comparison: 'ABOVE',
    threshold: 0,
    windowSeconds: 86_400,
    severity: 'WARNING',
  };
  const condition = {
    metric: 'ERRORS',
    comparison: 'ABOVE',
    threshold: 1e6,
    recoveryThreshold: 1,
    windowSeconds: 3_600,
  };
  const firing = {
    ...rule,
    groupBy: 'AGENT',
    scope,
    recoveryThreshold: 0,
    also: [condition],
    combine: 'ANY',
    expect: [`expected ${of('alert_rule.expect')}`],
    labels: { team: `team ${of('alert_rule.labels')}` },
    runbookUrl: `https://runbook.example/${of('alert_rule.runbook_url')}`,
  };
  const fires = (await mutate('createAlertRule', 'rule { id }', { rule: firing })).rule;
  const changed = (await mutate('createAlertRule', 'rule { id version }', { rule: { ...rule, enabled: false } })).rule;
  await mutate('updateAlertRule', 'rule { id }', { id: changed.id, version: changed.version, patch: { threshold: 5 } });
  const doomed = (await mutate('createAlertRule', 'rule { id }', { rule: { ...rule, enabled: false } })).rule;
  await mutate('deleteAlertRule', 'deletedAlertRuleId', { id: doomed.id });

  const alerts = await until('alerts of failed flows and of a rule', async () => {
    const { alerts: found } = await run('{ alerts(first: 100) { nodes { id status flow { id } rule { id } } } }');
    const nodes = found.nodes as { id: string; flow: { id: string } | null; rule: { id: string } | null }[];
    return nodes.some((alert) => alert.rule?.id === fires.id) &&
      failed.every((id) => nodes.some((alert) => alert.flow?.id === id))
      ? nodes
      : null;
  });
  const alertOf = (id: string) => alerts.find((alert) => alert.flow?.id === id)!.id;
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  await mutate('acknowledgeAlert', 'alert { id }', { id: alertOf(failed[1]!), comment: 'Seen', until: tomorrow });
  await mutate('resolveAlert', 'alert { id }', { id: alertOf(failed[2]!), comment: 'Over' });
  const [both, back] = [[alertOf(failed[4]!), alertOf(failed[5]!)], alertOf(failed[6]!)];
  await mutate('acknowledgeAlerts', 'alerts { id } refused { id }', {
    ids: [...both, alertOf(failed[2]!)],
    comment: 'Seen, too',
  });
  await mutate('resolveAlerts', 'alerts { id } refused { id }', { ids: [both[1]!, alertOf(failed[2]!)] });
  await mutate('acknowledgeAlerts', 'alerts { id }', { ids: [back] });
  await mutate('unacknowledgeAlert', 'alert { id }', { id: back, comment: 'Not mine' });
  await mutate('assignAlert', 'alert { id }', {
    id: back,
    ownerId: (await run('{ viewer { user { id } } }')).viewer.user.id,
  });
  await mutate('commentOnAlert', 'alert { id } entry { number }', { id: back, comment: 'Look at the source' });
  const silence = (facts: object) =>
    mutate('createAlertSilence', 'silence { id version } matches', {
      matchers: [{ label: 'key', values: [scope.agent[0], `agent ${of('alert_silence.matchers')}`] }],
      comment: `Known ${of('alert_silence.comment')}`,
      endsAt: new Date(Date.now() + 10 * 86_400_000).toISOString(),
      ...facts,
    });
  const quiet = (await silence({})).silence;
  await mutate('updateAlertSilence', 'silence { id }', {
    ...quiet,
    comment: `Still known ${of('alert_silence.comment')}`,
  });
  const recurring = { rrule: 'FREQ=WEEKLY;BYDAY=SU', timeZone: 'Europe/Zurich', durationSeconds: 600 };
  await silence({ kind: 'MAINTENANCE', startsAt: tomorrow, ...recurring });
  await mutate('endAlertSilence', 'silence { id }', { id: (await silence({ matchers: [] })).silence.id });
  await mutate('retryFlow', 'flow { id }', { flowId: failed[3]! });
  await mutate('resumeFlow', 'flow { id }', { flowId: paused });
  await mutate('pauseFlow', 'flow { id }', { flowId: paused });

  await until(
    'the discovery',
    async () => (await run('query ($id: ID!) { flow(id: $id) { status } }', { id: first })).flow.status === 'SUCCEEDED',
  );
  const relations = await related();
  // The second says less, so that something is missing; the third knows by an id what the others know by its name.
  const completes = [
    ['name,ip', 'stays,10.2.0.1', 'goes,10.2.0.2'],
    ['name,ip', 'stays,10.2.0.1'],
    ['name,ip,asset id', 'stays,10.2.0.1,sn4711abcd0815'],
  ];
  for (const lines of completes) {
    const source = { name: 'complete.csv', format: 'CSV', coverage: 'COMPLETE', content: lines.join('\n') };
    const { id } = (await mutate('startDiscovery', 'flow { id }', { name: 'Complete', source })).flow;
    await until(
      'a complete discovery',
      async () => (await run('query ($id: ID!) { flow(id: $id) { status } }', { id })).flow.status === 'SUCCEEDED',
    );
  }
  await until(
    'the discovery of relations',
    async () =>
      (await run('query ($id: ID!) { flow(id: $id) { status } }', { id: relations })).flow.status === 'SUCCEEDED',
  );
  await until(
    'the discovery that waits for approval',
    async () =>
      (await run('query ($id: ID!) { flow(id: $id) { status } }', { id: waiting })).flow.status === 'AWAITING_APPROVAL',
  );
  await fillWebhooks({ of, run, mutate, until, happen: () => makeRunner('Told of') });
  const login = await send(
    'POST',
    `${origin}/auth/login`,
    { 'content-type': 'application/json', 'user-agent': 'Leak net' },
    JSON.stringify({ email: `owner@${people.slug}.example`, password, workspace: people.slug }),
  );
  if (login.status !== 200) throw new Error(`The owner could not sign in once more: ${login.text}`);
  const { viewer } = await run('{ viewer { sessions { id current } } }');
  const another = (viewer.sessions as { id: string; current: boolean }[]).find(({ current }) => !current)!;
  await mutate('revokeSession', 'session { id }', { id: another.id });

  const approved = await discovery('Approved', true);
  await until(
    'approval',
    async () =>
      (await run('query ($id: ID!) { flow(id: $id) { status } }', { id: approved })).flow.status ===
      'AWAITING_APPROVAL',
  );
  await mutate('approveFieldMappings', 'flow { id }', {
    flowId: approved,
    mappings: [
      { sourceField: 'Name', targetField: 'name' },
      { sourceField: 'rack', targetField: 'scope' },
    ],
  });
  await until(
    'the approved discovery',
    async () =>
      (await run('query ($id: ID!) { flow(id: $id) { status } }', { id: approved })).flow.status === 'SUCCEEDED',
  );
  await mutate('removeMember', 'member { joinedAt }', { userId: people.leaverId });
  const { assets } = await run('{ assets(first: 100) { nodes { id version name } } }');
  const [one, other] = assets.nodes;
  const edited = { tags: ['core', of('asset.tags')], environment: `env ${of('asset.environment')}` };
  await mutate('updateAsset', 'asset { id }', { id: one.id, version: one.version, ...edited });
  await mutate('retireAsset', 'asset { id }', { id: other.id, version: other.version });
  await mutate('renameWorkspace', 'workspace { id }', { name: of('workspace.name') });
  await mutate('updateWorkspaceSettings', 'workspace { id }', { settings: { note: of('workspace.settings') } });
  const made = (await mutate('createApiKey', 'apiKey { id }', { name: 'Keyed', scopes: ['flow.read'] })).apiKey;
  await mutate('rollApiKey', 'apiKey { id }', { id: made.id, overlapSeconds: 60 });
  await mutate('revokeApiKey', 'apiKey { id }', { id: made.id });
  const guest = {
    role: 'VIEWER',
    email: `guest@${of('workspace.slug')}.example`,
    displayName: of('invitation.display_name'),
  };
  const invited = (await mutate('inviteMember', 'invitation { id }', guest)).invitation;
  await mutate('revokeInvitation', 'invitation { id }', { id: invited.id });
  return { keyed, runnerFlowId, runnerPhase: phase };
}

function servers(of: (column: string) => string): string {
  // As PowerCLI writes it, with a line above: a source that is recognised, and a finding.
  const head = 'Name,Id,hostname,ip,os,environment,department,PowerState,owner,tags,VMHost,rack';
  const row = (n: number, extra: string) =>
    `server ${n} ${of('asset.name')},ext-${n}-${of('asset.external_id')},host-${n}-${of('asset.hostname')},10.1.0.${n},Debian ${of('asset.operating_system')},env ${of('asset.environment')},dep ${of('asset.department')},PoweredOn,${of('asset.owner_email')}@corp.example,${of('asset.tags')},${extra},${of('asset.attributes')}`;
  return [
    '# exported by hand',
    head,
    row(1, ''),
    row(2, `server 1 ${of('asset.name')}`),
    row(3, `server 1 ${of('asset.name')}`),
    `,,,not-an-address,${of('rejected_row.raw')},,,,,,,`,
  ].join('\n');
}

async function until<T>(what: string, look: () => Promise<T | null | false>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${patienceMs / 1000} s.`);
    await delay(100);
  }
}
