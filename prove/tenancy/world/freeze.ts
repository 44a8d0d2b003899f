import type pg from 'pg';

/**
 * Columns that the product moves by itself. They are set so far off that nothing happens by itself while answers are compared, and
 * left out when rows are.
 */
const clocks: Readonly<Record<string, readonly string[]>> = {
  alert_rule: [
    'next_evaluation_at',
    'evaluations',
    'evaluated_until',
    'health',
    'health_message',
    'health_since',
    'lag_ms',
    'late_after',
  ],
  alert_silence: ['due_at'],
  alert_group: ['due_at'],
  flow: ['report_due_at'],
  api_key: ['last_used_at'],
  consumer_position: ['seq'],
};

/**
 * What is rolled up from `trace`, and how far back it reaches, whenever the worker comes to it: whoever changes what it says has to change
 * `trace`. And what gateways note once a minute of what was asked of them.
 */
const byItself: readonly string[] = [
  'operation_use',
  'trace_cell',
  'trace_day',
  'trace_day_cell',
  'trace_flow',
  'trace_retention',
  'trace_session',
];

/** Stops what would happen by itself: rules, patience with runners, the worker's work. */
export async function freeze(admin: pg.Client): Promise<void> {
  await admin.query(`update alert_rule set next_evaluation_at = now() + interval '10 years'`);
  await admin.query(`update alert_silence set due_at = now() + interval '10 years'`);
  await admin.query(`update alert_group set due_at = now() + interval '10 years'`);
  await admin.query(`update flow set report_due_at = now() + interval '10 years' where report_due_at is not null`);
  await admin.query(`update webhook_position set next_attempt_at = now() + interval '10 years'`);
  await admin.query(`update channel_position set next_attempt_at = now() + interval '10 years'`);
  await admin.query(`update upload set expires_at = now() + interval '10 years'`);
}

/** A hash of all rows of a workspace for each table. */
export async function hashRows(admin: pg.Client, workspaceId: string): Promise<Map<string, string>> {
  const { rows } = await admin.query<{ table: string }>(`
    select c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
      and exists (select from pg_attribute w where w.attrelid = c.oid and w.attname = 'workspace_id') order by 1`);
  const hashes = new Map<string, string>();
  for (const { table } of rows.filter((row) => !byItself.includes(row.table))) {
    const moving = (clocks[table] ?? []).map((column) => `'${column}'`).join(', ');
    const found = await admin.query<{ hash: string }>(
      `select md5(coalesce(string_agg(line, ',' order by line), '')) as hash from (
         select md5((to_jsonb(t) - array[${moving}]::text[])::text) as line from "${table}" t where workspace_id = $1) as rows`,
      [workspaceId],
    );
    hashes.set(table, found.rows[0]!.hash);
  }
  return hashes;
}
