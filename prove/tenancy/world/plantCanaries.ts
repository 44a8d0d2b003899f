import type pg from 'pg';
import { deliveryEncryptedColumns } from '@tributary/subgraph-delivery';
import { flowEncryptedColumns } from '@tributary/subgraph-flow';
import { letterOf, type Canaries, type Letter } from './canaries.ts';

/**
 * Columns of text that hold no canary, and why. Everything else must: a column that is new gets one by itself, and a run fails when it
 * does not take one, until somebody has looked at it.
 */
const withoutCanary: Readonly<Record<string, string>> = {
  'stream_head.stream_id': 'names the stream; its ids are looked for',
  'event.stream_id': 'names the stream; its ids are looked for',
  'event.type': 'a closed set that clients switch on',
  'consumer_position.consumer': 'the name of a part of this product',
  'consumer_position.stream_id': 'names the stream',
  'idempotency_key.principal': 'an id, and ids are looked for',
  'idempotency_key.field': 'the name of a field of the graph',
  'flow.created_by_id': 'an id, and ids are looked for',
  'flow.current_phase': 'one of the flow’s phases, whose names carry canaries',
  'flow.failure_phase': 'one of the flow’s phases, whose names carry canaries',
  'flow_phase.name': 'what reports and jobs name; those of runner flows carry a canary from the start',
  'flow_phase.checkpoint': 'read by the engine only',
  'trace.external_id': 'carries its canary from the start: parents are named by it',
  'trace.flow_id': 'an id, and ids are looked for',
  'trace.run_id': 'an id of the sender; no way in of the graph says it',
  'trace.parent_external_id': 'an id of the sender; no way in of the graph says it',
  'trace_cell.key': 'what trace_series says, canary and all',
  'trace_cell.environment': 'what trace_series says, canary and all',
  'trace_cell.kind': 'a closed set',
  'trace_cell.status': 'a closed set',
  'trace_day_cell.key': 'what trace_series says, canary and all',
  'trace_day_cell.environment': 'what trace_series says, canary and all',
  'trace_day_cell.kind': 'a closed set',
  'trace_day_cell.status': 'a closed set',
  'trace_series.kind': 'a closed set',
  'trace_session.session_id': 'what trace says',
  'trace_session.user_id': 'what trace says',
  'trace_flow.flow_id': 'an id, and ids are looked for',
  'alert.acknowledged_by_id': 'an id, and ids are looked for',
  'alert_rule.metric': 'a closed set',
  'alert_rule.group_by': 'a closed set',
  'alert_rule.also': 'numbers and closed sets',
  'alert_rule.health_message': 'what the product says of a rule that it cannot evaluate',
  'alert_route.matchers': 'labels and closed sets; those of silences carry canaries',
  'alert_route.group_by': 'a closed set, and what alert_rule.labels says',
  'alert_route.steps': 'numbers and ids, and ids are looked for',
  'alert_group.group_key': 'a hash of what alerts say',
  'alert_group.labels': 'what alerts say, canary and all',
  'alert_group_member.group_key': 'a hash of what alerts say',
  'alert_group_member.told': 'a closed set',
  'alert_silence.matchers': 'their values carry canaries from the start',
  'alert_silence.rrule': 'how it recurs, in the words of RFC 5545',
  'alert_silence.time_zone': 'a closed set',
  'alert_silence.created_by_id': 'an id, and ids are looked for',
  'alert_history.kind': 'a closed set',
  'alert_history.actor_id': 'an id, and ids are looked for',
  'alert_rule.scope': 'its lists carry canaries from the start',
  'audit_entry.actor_id': 'an id, and ids are looked for',
  'audit_entry.entity_id': 'an id, and ids are looked for',
  'discovery_flow.source_encoding': 'a closed set',
  'field_mapping.source_field':
    'names a column that the encrypted profile names, too; the reason beside it carries one',
  'field_mapping.target_field': 'a closed set',
  'mapping_memory.target_field': 'a closed set',
  'operation_use.document_id': 'names an operation that is the same for all',
  'api_key.key_id': 'what the key is found by',
  'api_key.scopes': 'a closed set',
  'upload.storage_key': 'where the bytes are',
  'asset.edited_fields': 'names of fields of the graph',
  'asset_chunk.outcome': 'counts',
  'credential_sweep.position': 'where a walk over rows goes on: an id, and ids are looked for',
  'webhook.stream': 'a field of the graph',
  'webhook.log': 'names the stream; its ids are looked for',
  'webhook.status_reason': 'a closed set',
  'channel.status_reason': 'a closed set',
  'notification.kind': 'a closed set that clients switch on',
  'webhook_position.log': 'names the stream; its ids are looked for',
  'webhook_position.cursor': 'names a place in the stream',
  'webhook_position.waiting': 'numbers and times',
  'webhook_attempt.body_sha256': 'a hash',
  'webhook_dead_letter.event_id': 'derived from an id',
  'webhook_dead_letter.type': 'a closed set that clients switch on',
  'workspace.slug': 'carries its canary from the start',
};

/** How a canary goes into a column whose text has a shape. The default is behind what is there. Citus takes no stable function here. */
const shaped: Readonly<Record<string, string>> = {
  'asset.owner_email': `$2 || '@' || coalesce(nullif(split_part(owner_email, '@', 2), ''), 'corp.example')`,
  'member.email': `case when role = 'OWNER' then $2 || '@corp.example' else email end`,
  'event.payload': `jsonb_set(payload, '{data}', coalesce(payload -> 'data', '{}') || ('{"canary":"' || $2::text || '"}')::jsonb)`,
};

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly checked: boolean;
}

/** Puts the canary of its column into every row of every text of a workspace. Throws for a column that has none afterwards. */
export async function plantCanaries(
  admin: pg.Client,
  canaries: Canaries,
  workspaces: readonly { readonly letter: Letter; readonly workspaceId: string }[],
): Promise<number> {
  const columns = await textColumns(admin);
  const stale = Object.keys(withoutCanary).filter(
    (name) => !columns.some(({ table, column }) => `${table}.${column}` === name),
  );
  if (stale.length > 0) throw new Error(`plantCanaries.ts names columns that are not there: ${stale.join(', ')}`);
  // Triggers keep history as it is; for the canaries' sake this transaction is above that, on the workers of Citus, too.
  await admin.query('begin');
  await admin.query(`set local citus.propagate_set_commands = 'local'`);
  await admin.query('set local session_replication_role = replica');
  const bare: string[] = [];
  let planted = 0;
  for (const { table, column, type, checked } of columns) {
    const name = `${table}.${column}`;
    // What is encrypted was given its canary as plain text, with the sources.
    const isEncrypted = [...flowEncryptedColumns, ...deliveryEncryptedColumns].some(
      (sealed) => sealed.table === table && sealed.column === column,
    );
    if (name in withoutCanary || checked || isEncrypted) continue;
    for (const { letter, workspaceId } of workspaces) {
      const canary = canaries.of(letter, name);
      const holds = async () => {
        const { rows } = await admin.query<{ text: string }>(
          `select "${column}"::text as text from "${table}" where workspace_id = $1 and position($2 in "${column}"::text) > 0 limit 1`,
          [workspaceId, canary],
        );
        return rows.length > 0;
      };
      if (!(await holds())) {
        const set = shaped[name] ?? appended(column, type);
        await admin.query(
          `update "${table}" set "${column}" = ${set} where workspace_id = $1 and "${column}" is not null and $2::text is not null`,
          [workspaceId, canary],
        );
      }
      if (await holds()) planted += 1;
      else bare.push(`${name} of workspace ${letterOf(canary)}`);
    }
  }
  await admin.query('commit');
  if (bare.length > 0) {
    throw new Error(
      `No canary could be put into ${bare.join(', ')}. Have fillWorkspace.ts fill it, or say in plantCanaries.ts why it holds none.`,
    );
  }
  return planted;
}

function appended(column: string, type: string): string {
  if (type === 'jsonb') {
    return `case when jsonb_typeof("${column}") = 'object' then "${column}" || ('{"canary":"' || $2::text || '"}')::jsonb else "${column}" end`;
  }
  if (type === 'ARRAY') return `"${column}" || $2::text`;
  return `"${column}" || ' ' || $2`;
}

async function textColumns(admin: pg.Client): Promise<Column[]> {
  const { rows } = await admin.query<Column>(`
    select c.relname as table, a.attname as column,
      case when t.typcategory = 'A' then 'ARRAY' else t.typname end as type,
      exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey)
        and pg_get_constraintdef(k.oid) ~ 'ARRAY\\[|~') as checked
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    join pg_type t on t.oid = a.atttypid
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
      and (t.typname in ('text', 'varchar', 'jsonb', 'json') or t.typname in ('_text', '_varchar'))
      and exists (select from pg_attribute w where w.attrelid = c.oid and w.attname = 'workspace_id')
    order by 1, a.attnum`);
  return rows;
}
