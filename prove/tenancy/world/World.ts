import type pg from 'pg';
import { encodeId, entityTags, type EntityTag } from '@tributary/contracts/ids';
import type { Filled } from './fillWorkspace.ts';
import type { People } from './people.ts';
import type { Letter } from './canaries.ts';

/** Where the ids of each kind are. A kind of id that the product learns must be added here: entityTags says which there are. */
const tables: Readonly<Partial<Record<EntityTag, readonly [table: string, column: string]>>> = {
  ws: ['workspace', 'workspace_id'],
  user: ['member', 'user_id'],
  key: ['api_key', 'id'],
  audit: ['audit_entry', 'id'],
  flow: ['flow', 'id'],
  asset: ['asset', 'id'],
  trace: ['trace', 'id'],
  alert: ['alert', 'id'],
  rule: ['alert_rule', 'id'],
  silence: ['alert_silence', 'id'],
  route: ['alert_route', 'id'],
  source: ['source_definition', 'id'],
  hook: ['webhook', 'id'],
  secret: ['webhook_secret', 'id'],
  attempt: ['webhook_attempt', 'id'],
  replay: ['webhook_position', 'replay_id'],
  dead: ['webhook_dead_letter', 'id'],
  channel: ['channel', 'id'],
  note: ['notification', 'id'],
  upload: ['upload', 'id'],
  inv: ['invitation', 'id'],
  sess: ['session', 'id'],
};

/** One workspace as an attacker would like to know it. */
export interface World {
  readonly letter: Letter;
  readonly people: People;
  readonly filled: Filled;
  /** Public ids by kind. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  /** Texts by `table.column`. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  /** Cursors by the field that gave them out; filled when the rightful reader has read. */
  readonly cursors: Map<string, string[]>;
  /** Every uuid in any of its rows. */
  readonly uuids: ReadonlySet<string>;
}

const textsOf = [
  'asset.department',
  'asset.environment',
  'asset.tags',
  'asset.name',
  'flow.kind',
  'flow.name',
  'alert.title',
  'trace_series.agent',
  'trace_series.department',
  'trace_series.environment',
  'trace_series.model',
  'trace_series.version',
  'trace_series.provider',
  'trace.session_id',
  'trace.user_id',
] as const;

export async function readWorld(admin: pg.Client, people: People, filled: Filled): Promise<World> {
  const { workspaceId, letter } = people;
  const ids: Record<string, string[]> = {};
  for (const tag of entityTags) {
    const place = tables[tag];
    if (!place) throw new Error(`Say in World.ts in which table the ids of kind ${tag} are.`);
    const [table, column] = place;
    const { rows } = await admin.query<{ id: string }>(
      `select "${column}" as id from "${table}" where workspace_id = $1 order by 1 desc limit 50`,
      [workspaceId],
    );
    if (rows.length === 0) throw new Error(`Workspace ${letter} has no ${table}: have fillWorkspace.ts make one.`);
    ids[tag] = rows.map(({ id }) => encodeId(tag, id));
  }
  const texts: Record<string, string[]> = {};
  for (const name of textsOf) {
    const [table, column] = name.split('.') as [string, string];
    const { rows } = await admin.query<{ text: string }>(
      `select distinct text from "${table}", unnest(string_to_array(array_to_string(array[${column}]::text[], chr(1)), chr(1))) as text
       where workspace_id = $1 and position($2 in text) > 0 limit 5`,
      [workspaceId, `cny${letter}`],
    );
    texts[name] = rows.map(({ text }) => text);
  }
  return { letter, people, filled, ids, texts, cursors: new Map(), uuids: await everyUuid(admin, workspaceId) };
}

async function everyUuid(admin: pg.Client, workspaceId: string): Promise<Set<string>> {
  const { rows } = await admin.query<{ table: string; column: string }>(`
    select c.relname as table, a.attname as column from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and a.atttypid = 'uuid'::regtype
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
      and exists (select from pg_attribute w where w.attrelid = c.oid and w.attname = 'workspace_id')`);
  const found = new Set<string>();
  for (const { table, column } of rows) {
    const values = await admin.query<{ id: string | null }>(
      `select distinct "${column}"::text as id from "${table}" where workspace_id = $1`,
      [workspaceId],
    );
    for (const { id } of values.rows) if (id !== null) found.add(id);
  }
  return found;
}
