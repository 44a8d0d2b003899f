import type { Oracle } from '../net/Judge.ts';
import type { Part } from '../net/castEverything.ts';

/** A guard that is taken away. The net must see it by one of the oracles named; anything else that goes wrong does not count. */
export interface Mutant {
  readonly name: string;
  /** What no longer holds. */
  readonly guard: string;
  /** Changes of the source: `find` must stand there exactly once. */
  readonly edits?: readonly { readonly file: string; readonly find: string; readonly replace: string }[];
  /** Said to the database, as a superuser. */
  readonly sql?: readonly string[];
  /** For what belongs to the whole server. */
  readonly undo?: readonly string[];
  /** Whether its processes give out cursors of another kind than those that the net has read before. */
  readonly ownCursors?: true;
  /** The parts of the net that see it. */
  readonly parts: readonly Part[];
  readonly by: readonly Oracle[];
}

const leaks: readonly Oracle[] = ['canary', 'foreign id', 'unlike the answer for nothing', 'rows changed'];
const bound = `nullif(current_setting('app.workspace_id', true), '')::uuid`;
const contextFile = 'packages/auth/src/signedContext.ts';

export const mutants: readonly Mutant[] = [
  // PostgreSQL.
  {
    name: 'policy',
    guard: 'the policy of asset',
    sql: ['alter policy tenant on asset using (true)'],
    parts: ['locks'],
    by: ['lock', 'catalogue'],
  },
  {
    name: 'policy when unbound',
    guard: 'no rows without a workspace',
    sql: [`alter policy tenant on member using (workspace_id = ${bound} or ${bound} is null)`],
    parts: ['locks'],
    by: ['lock'],
  },
  {
    name: 'policy by a function',
    guard: 'a policy is a plain expression',
    sql: [
      `create function folded_workspace() returns uuid language plpgsql immutable as $$ begin return ${bound}; end $$`,
      'grant execute on function folded_workspace() to public',
      'alter policy tenant on trace using (workspace_id = folded_workspace()) with check (workspace_id = folded_workspace())',
    ],
    parts: ['locks'],
    by: ['catalogue'],
  },
  {
    name: 'with check',
    guard: 'with check of flow',
    sql: ['alter policy tenant on flow with check (true)'],
    parts: ['locks'],
    by: ['lock', 'catalogue'],
  },
  {
    name: 'force',
    guard: 'force row level security on alert',
    sql: ['alter table alert no force row level security'],
    parts: ['locks'],
    by: ['catalogue'],
  },
  {
    name: 'row level security',
    guard: 'row level security on trace',
    sql: ['alter table trace disable row level security'],
    parts: ['locks'],
    by: ['lock', 'catalogue'],
  },
  {
    name: 'partition',
    guard: 'row level security on a partition of trace',
    sql: ['alter table trace_default disable row level security', 'grant select on trace_default to app'],
    parts: ['locks'],
    by: ['lock', 'catalogue'],
  },
  {
    name: 'upkeep by app',
    guard: 'app may not drop partitions',
    sql: ['grant execute on function upkeep.drop_trace_week(date) to app'],
    parts: ['locks'],
    by: ['catalogue'],
  },
  {
    name: 'key without workspace',
    guard: 'the workspace in a unique key',
    sql: ['create unique index loose on trace (external_id, id)'],
    parts: ['locks'],
    by: ['catalogue'],
  },
  {
    name: 'bypass',
    guard: 'app may not bypass',
    sql: ['alter role app bypassrls'],
    undo: ['alter role app nobypassrls'],
    parts: ['locks'],
    by: ['lock', 'catalogue'],
  },
  {
    name: 'audit grant',
    guard: 'app may not change the audit trail',
    sql: ['grant update, delete on audit_entry to app'],
    parts: ['locks'],
    by: ['catalogue'],
  },
  {
    name: 'lookup',
    guard: 'a lookup function answers the least',
    sql: [
      `create or replace function lookup.workspace_by_slug(wanted_slug text) returns table (workspace_id uuid) language sql stable
       security definer set search_path = '' as $$ select w.workspace_id from public.workspace w $$`,
    ],
    parts: ['locks'],
    by: ['foreign id'],
  },
  {
    name: 'lookup search_path',
    guard: 'the empty search_path of lookup functions',
    sql: ['alter function lookup.workspaces_of_account(uuid) reset search_path'],
    parts: ['locks'],
    by: ['catalogue'],
  },
  {
    name: 'lookup for retention',
    guard: 'a lookup over all workspaces answers ids and nothing else',
    sql: [
      'drop function lookup.workspaces_with_old_idempotency_keys(timestamptz, integer)',
      `create function lookup.workspaces_with_old_idempotency_keys(before timestamptz, most integer)
       returns table (workspace_id uuid, key text) language sql stable security definer set search_path = '' as
       $$ select k.workspace_id, k.key from public.idempotency_key k where k.created_at < before limit most $$`,
      'grant execute on function lookup.workspaces_with_old_idempotency_keys(timestamptz, integer) to app',
    ],
    parts: ['locks'],
    by: ['canary'],
  },
  {
    name: 'idempotency without workspace',
    guard: 'an idempotency key belongs to a workspace',
    sql: ['alter table idempotency_key drop constraint idempotency_key_pkey, add primary key (principal, field, key)'],
    parts: ['locks'],
    by: ['catalogue'],
  },
  // The handle.
  {
    name: 'session setting',
    guard: 'the workspace is bound for one transaction',
    edits: [
      {
        file: 'packages/data/src/bindWorkspace.ts',
        find: `set_config('app.workspace_id', $1, true)`,
        replace: `set_config('app.workspace_id', $1, false)`,
      },
    ],
    parts: ['handles'],
    by: ['lock'],
  },
  {
    name: 'handle after commit',
    guard: 'a transaction’s handle dies with it',
    edits: [
      {
        file: 'packages/data/src/WorkspaceTransaction.ts',
        find: 'if (this.ended) {',
        replace: 'if (this.ended && this.unfinished < 0) {',
      },
    ],
    parts: ['handles'],
    by: ['lock'],
  },
  {
    name: 'log redaction',
    guard: 'secrets never reach a log',
    edits: [
      {
        file: 'packages/observability/src/logger.ts',
        find: `censor: '[redacted]',`,
        replace: 'censor: (value: unknown) => value,',
      },
    ],
    parts: ['handles'],
    by: ['log'],
  },
  // What every statement says, with row-level security out of the way.
  {
    name: 'repository filter',
    guard: 'repositories filter by workspace',
    edits: [
      {
        file: 'packages/data/src/EntityTable.ts',
        find: `.where('row.workspaceId = :boundWorkspace', { boundWorkspace })`,
        replace: `.where('(row.workspaceId = :boundWorkspace or true)', { boundWorkspace })`,
      },
    ],
    parts: ['without policies'],
    by: leaks,
  },
  {
    name: 'statement filter',
    guard: 'hand-written statements filter by workspace',
    edits: [
      {
        file: 'subgraphs/asset/src/storage/assetStatements.ts',
        find: 'select id from asset where workspace_id = $1 and id',
        replace: 'select id from asset where (workspace_id = $1 or true) and id',
      },
    ],
    parts: ['without policies'],
    by: leaks,
  },
  {
    name: 'upload',
    guard: 'an upload belongs to its workspace',
    edits: [
      {
        file: 'subgraphs/flow/src/storage/uploadStatements.ts',
        find: `where workspace_id = $1 and id = $2 and state = 'READY' returning bytes`,
        replace: `where (workspace_id = $1 or true) and id = $2 and state = 'READY' returning bytes`,
      },
    ],
    parts: ['without policies'],
    by: leaks,
  },
  {
    name: 'own definition of a source',
    guard: 'a workspace’s definition is its own',
    edits: [
      {
        file: 'subgraphs/flow/src/storage/definitionStatements.ts',
        find: 'delete from source_definition where workspace_id = $1 and id = $2',
        replace: 'delete from source_definition where (workspace_id = $1 or true) and id = $2',
      },
    ],
    parts: ['without policies'],
    by: leaks,
  },
  {
    name: 'webhook',
    guard: 'a webhook belongs to its workspace',
    edits: [
      {
        file: 'subgraphs/delivery/src/storage/webhookStatements.ts',
        find: 'delete from webhook where workspace_id = $1 and id = $2',
        replace: 'delete from webhook where (workspace_id = $1 or true) and id = $2',
      },
    ],
    parts: ['without policies'],
    by: leaks,
  },
  {
    name: 'webhook that is delivered',
    guard: 'who delivers names webhooks of its workspace',
    edits: [
      {
        file: 'subgraphs/delivery/src/storage/webhookStatements.ts',
        find: `.select('delivery.webhooksById', (query) => query.andWhere('row.id = any(:ids)', { ids }))`,
        replace:
          ".sql('delivery.webhooksById', `select ${database.table(WebhookRow).columnList} from webhook where (workspace_id = $1 or true) and id = any($2::uuid[])`, [ids])",
      },
    ],
    parts: ['without policies'],
    by: leaks,
  },
  {
    name: 'payload of a lesser role',
    guard: 'a webhook is sent what its owner may see now',
    edits: [
      {
        file: 'gateway/src/runner/WebhookPages.ts',
        find: 'sharedPrincipal(owner)',
        replace: `sharedPrincipal({ ...owner, role: 'OWNER' })`,
      },
    ],
    parts: ['payloads'],
    by: ['hidden text'],
  },
  {
    name: 'payload for anybody',
    guard: 'pages of webhooks are for the part that delivers',
    edits: [
      {
        file: 'gateway/src/runner/WebhookPages.ts',
        find: `if (actor.kind !== 'system' || actor.part !== deliveryPart)`,
        replace: `if (actor.kind !== 'system' && deliveryPart.length > 99)`,
      },
    ],
    parts: ['payloads'],
    by: ['authority'],
  },
  {
    name: 'channel that routes name',
    guard: 'a route names channels of its workspace',
    edits: [
      {
        file: 'subgraphs/delivery/src/storage/channelStatements.ts',
        find: 'select id from channel where workspace_id = $1 and id',
        replace: 'select id from channel where (workspace_id = $1 or true) and id',
      },
    ],
    parts: ['without policies'],
    by: leaks,
  },
  {
    name: 'event filter',
    guard: 'the event log is read by workspace',
    edits: [
      {
        file: 'packages/events/src/eventLog.ts',
        find: 'where workspace_id = $1 and stream_id = $2 and seq > $3',
        replace: 'where (workspace_id = $1 or true) and stream_id = $2 and seq > $3',
      },
    ],
    parts: ['without policies'],
    by: leaks,
  },
  {
    name: 'roll-up over workspaces',
    guard: 'traces are rolled up by workspace',
    edits: [
      {
        file: 'subgraphs/metrics/src/storage/rollup/passStatements.ts',
        find: `'t.workspace_id = $1 and t.batch_id = any($2::uuid[]) and t.id >= $3::uuid and t.id < $4::uuid'`,
        replace: `'(t.workspace_id = $1 or (t.batch_id = any($2::uuid[])) is not null) and t.id >= $3::uuid and t.id < $4::uuid'`,
      },
    ],
    parts: ['roll-up'],
    by: leaks,
  },
  // Caches and what is shared.
  {
    name: 'cache without workspace',
    guard: 'the workspace in a key of the cache',
    edits: [
      {
        file: 'packages/cache/src/Cache.ts',
        find: 'return sharedKey({ domain, workspaceId, scope, identifier });',
        replace: 'return sharedKey({ domain, workspaceId: workspaceId && null, scope, identifier });',
      },
    ],
    parts: ['cache'],
    by: leaks,
  },
  {
    name: 'value between people',
    guard: 'what is masked is masked behind the cache',
    edits: [
      {
        file: 'subgraphs/metrics/src/graphql/ReportResolver.ts',
        find: 'return { ...report, slowest: rows?.map((row) => toTrace(row, context)) ?? null };',
        replace: `const shown = report as { slowest?: Trace[] | null };
    shown.slowest ??= rows?.map((row) => toTrace(row, context)) ?? null;
    return { ...report, slowest: shown.slowest };`,
      },
    ],
    parts: ['cache'],
    by: ['hidden text'],
  },
  {
    name: 'cache in plain text',
    guard: 'answers are sealed in Redis',
    edits: [
      {
        file: 'packages/cache/src/RedisLevel.ts',
        find: 'this.seal.seal(key, JSON.stringify(stored))',
        replace: 'Buffer.from(JSON.stringify(stored))',
      },
    ],
    parts: ['cache'],
    by: ['redis'],
  },
  {
    name: 'key cache',
    guard: 'a key’s facts are remembered under its secret',
    edits: [
      {
        file: 'packages/auth/src/identity/IdentityClient.ts',
        find: 'update(`${keyId}/${hash}`)',
        replace: 'update(keyId)',
      },
    ],
    parts: ['credentials'],
    by: ['not refused', 'canary'],
  },
  {
    name: 'token cache',
    guard: 'a token’s facts are remembered under its signature',
    edits: [
      {
        file: 'packages/auth/src/identity/IdentityClient.ts',
        find: 'this.tokens.get(token)',
        replace: 'this.tokens.get(token.split(".")[1])',
      },
      {
        file: 'packages/auth/src/identity/IdentityClient.ts',
        find: 'this.tokens.set(token, verified)',
        replace: 'this.tokens.set(token.split(".")[1], verified)',
      },
    ],
    parts: ['credentials'],
    by: ['not refused', 'canary'],
  },
  {
    name: 'event stream key',
    guard: 'processes watch the streams of each workspace apart',
    edits: [
      {
        file: 'packages/events/src/hint.ts',
        find: 'return `event:${workspaceId}:',
        replace: 'return `event:${workspaceId.length}:',
      },
    ],
    parts: ['live'],
    by: leaks,
  },
  {
    name: 'stream cursor',
    guard: 'a cursor is of the stream of one workspace',
    edits: [
      {
        file: 'packages/events/src/streamCursor.ts',
        find: 'update(`${workspaceId}/${stream}`)',
        replace: 'update(stream)',
      },
    ],
    ownCursors: true,
    parts: ['live'],
    by: ['unlike the answer for nothing'],
  },
  {
    name: 'hint',
    guard: 'hints carry nothing of a tenant',
    edits: [
      {
        file: 'packages/events/src/eventLog.ts',
        find: 'transaction.hintAfterCommit(hintChannel(transaction.workspaceId, stream), String(lastSequence))',
        replace:
          'transaction.hintAfterCommit(hintChannel(transaction.workspaceId, stream), JSON.stringify([lastSequence, events]))',
      },
    ],
    parts: ['live'],
    by: ['redis'],
  },
  {
    name: 'loader key',
    guard: 'loaders are of one request',
    edits: [
      {
        file: 'packages/data/src/batchLoader.ts',
        find: 'let loaders = loadersOfRequest.get(request);',
        replace: 'request = DataLoader;\n  let loaders = loadersOfRequest.get(request);',
      },
    ],
    parts: ['entities', 'queries'],
    by: leaks,
  },
  {
    name: 'shared subscription without workspace',
    guard: 'watchers share within a workspace',
    edits: [
      {
        file: 'gateway/src/streams/shared/sharedOperation.ts',
        find: 'JSON.stringify([workspaceId, role, scopes, text',
        replace: 'JSON.stringify([role, scopes, text',
      },
      {
        file: 'gateway/src/streams/shared/sharedOperation.ts',
        find: 'return `${workspaceId}/${createHash',
        replace: 'return `${workspaceId.length}/${createHash',
      },
    ],
    parts: ['live'],
    by: leaks,
  },
  {
    name: 'shared subscription without role',
    guard: 'watchers share within a role',
    edits: [
      {
        file: 'gateway/src/streams/shared/sharedOperation.ts',
        find: 'JSON.stringify([workspaceId, role, scopes, text',
        replace: 'JSON.stringify([workspaceId, scopes, text, role.length > 99',
      },
    ],
    parts: ['live'],
    by: ['hidden text', 'authority'],
  },
  {
    name: 'idempotency without principal',
    guard: 'an idempotency key belongs to who used it',
    edits: [
      {
        file: 'packages/data/src/idempotency.ts',
        find: 'actorKey(mutation.actor), mutation.field',
        replace: 'actorKey({ ...mutation.actor, kind: "system", part: "x" }), mutation.field',
      },
    ],
    parts: ['mutations'],
    by: ['replay'],
  },
  // Authority.
  {
    name: 'role check',
    guard: '@Allow',
    edits: [
      {
        file: 'packages/server/src/Allow.ts',
        find: 'if (!action || !mayDo(context.principal, action)) {',
        replace: 'if (!action || !mayDo(context.principal, "viewer.read")) {',
      },
    ],
    parts: ['mutations', 'queries'],
    by: ['authority'],
  },
  {
    name: 'key revocation',
    guard: 'a revoked key is worth nothing',
    edits: [
      {
        file: 'subgraphs/workspace/src/domain/ApiKeys.ts',
        find: 'if (key.revokedAt) throw',
        replace: `if (key.revokedAt && key.workspaceStatus !== 'ACTIVE') throw`,
      },
      {
        file: 'packages/auth/src/identity/RevocationList.ts',
        find: 'list.set(place, Math.max',
        replace: 'if (list !== this.keys) list.set(place, Math.max',
      },
    ],
    parts: ['queries', 'mutations'],
    by: ['authority'],
  },
  {
    name: 'token expiry',
    guard: 'an expired token is worth nothing',
    edits: [
      {
        file: 'packages/auth/src/accessToken.ts',
        find: 'clockTolerance: clockToleranceSeconds',
        replace: 'clockTolerance: 1e9',
      },
    ],
    parts: ['queries', 'mutations'],
    by: ['authority'],
  },
  {
    name: 'asset e-mail masking',
    guard: 'owners’ addresses are masked by role',
    edits: [
      {
        file: 'subgraphs/asset/src/graphql/Asset.ts',
        find: `const unmasked = mayDo(principal, 'asset.readPersonal')`,
        replace: `const unmasked = mayDo(principal, 'asset.read')`,
      },
    ],
    parts: ['queries'],
    by: ['hidden text'],
  },
  {
    name: 'member e-mail masking',
    guard: 'members’ addresses are masked by role',
    edits: [
      {
        file: 'subgraphs/workspace/src/domain/Members.ts',
        find: `oneself || mayDo(principal, 'member.readPersonal')`,
        replace: `oneself || mayDo(principal, 'member.read')`,
      },
    ],
    parts: ['queries', 'live'],
    by: ['hidden text'],
  },
  {
    name: 'error masking',
    guard: 'what the database says stays inside',
    edits: [
      {
        file: 'packages/data/src/databaseError.ts',
        find: `'The database refused a statement. Try again; if it stays, report the requestId.'`,
        replace: 'String((error as Error).message)',
      },
    ],
    parts: ['masking'],
    by: ['masking'],
  },
  // Between gateway and subgraph.
  {
    name: 'signature',
    guard: 'contexts are signed',
    edits: [
      {
        file: contextFile,
        find: 'if (given.length !== right.length || !timingSafeEqual(given, right)) throw refused();',
        replace: 'if (given.length > 9_999 && !timingSafeEqual(given, right)) throw refused();',
      },
    ],
    parts: ['direct'],
    by: ['not refused'],
  },
  {
    name: 'body binding',
    guard: 'a context is for one body',
    edits: [
      {
        file: contextFile,
        find: 'payload.aud !== expected.audience || payload.bod !== expected.bodySha256',
        replace: 'payload.aud !== expected.audience',
      },
    ],
    parts: ['direct'],
    by: ['not refused'],
  },
  {
    name: 'audience',
    guard: 'a context is for one subgraph',
    edits: [
      {
        file: contextFile,
        find: 'payload.aud !== expected.audience || payload.bod !== expected.bodySha256',
        replace: 'payload.bod !== expected.bodySha256',
      },
    ],
    parts: ['direct'],
    by: ['not refused'],
  },
  {
    name: 'context expiry',
    guard: 'a context lives for 30 s',
    edits: [{ file: contextFile, find: 'payload.exp > now &&', replace: 'payload.exp > 0 &&' }],
    parts: ['direct'],
    by: ['not refused'],
  },
  {
    name: 'replay',
    guard: 'a context is good for one request',
    edits: [
      {
        file: contextFile,
        find: 'if (!this.seen.add(payload.jti, payload.exp)) throw refused();',
        replace: 'this.seen.add(payload.jti, payload.exp);',
      },
    ],
    parts: ['direct'],
    by: ['not refused'],
  },
  {
    name: 'edge contexts',
    guard: 'an edge’s contexts are taken only where that is configured',
    edits: [
      {
        file: contextFile,
        find: 'if (!this.options.acceptUnboundContext || isCommandAudience',
        replace: 'if (isCommandAudience',
      },
    ],
    parts: ['direct'],
    by: ['not refused'],
  },
];
