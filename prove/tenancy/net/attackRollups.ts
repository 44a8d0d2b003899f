import { eventually } from '@tributary/kit';
import { sendOperation } from '@tributary/kit/client';
import type { Net } from './Net.ts';
import { withoutPolicies } from './withoutPolicies.ts';

/** What traces are rolled up into. */
const rolledUp = ['trace_cell', 'trace_day', 'trace_day_cell', 'trace_flow', 'trace_session'];
const dayMs = 86_400_000;

const ingest = `mutation ($traces: [TraceInput!]!) { ingestTraces(input: { traces: $traces }) { accepted } }`;

/** Has A's traces rolled up while no policy stands between them and B's: nothing of B may come in, and nothing of B's may change. */
export async function attackRollups(net: Net): Promise<void> {
  const { a, b } = net.worlds;
  await rollUp(net);
  // As finely as there is.
  await net.admin.query(
    `insert into trace_day (workspace_id, day, traces, longest_ms, grain)
     select $1, (now() at time zone 'UTC')::date - n, 0, 0, 'FIVE_MINUTES' from generate_series(-1, 41) n
     on conflict (workspace_id, day) do update set grain = excluded.grain where trace_day.traces = 0`,
    [a.people.workspaceId],
  );
  const before = await rowsOf(net, b.people.workspaceId);
  await withoutPolicies(net, async () => {
    // The pass looks at everything between its first trace and its last, and B's are among that.
    await send(net, -40 * dayMs, dayMs / 2);
    await rollUp(net);
  });
  const after = await rowsOf(net, b.people.workspaceId);
  for (const table of rolledUp) {
    if (before.get(table) !== after.get(table)) net.judge.report('rows changed', 'rolling up', `rows of B in ${table}`);
    const text = (await rowsOf(net, a.people.workspaceId)).get(table)!;
    net.judge.checkSeen(
      `what is rolled up in ${table}`,
      { text, headers: new Headers() },
      '',
      a.people.owner.principal,
    );
  }
}

/** One batch of A's, of traces that began so long from now. */
async function send(net: Net, ...begins: readonly number[]): Promise<void> {
  const traces = begins.map((begin) => ({
    externalId: crypto.randomUUID(),
    startedAt: new Date(Date.now() + begin).toISOString(),
    durationMs: 1,
    status: 'OK',
    agent: 'rolled up',
    operation: 'chat',
  }));
  const { headers } = net.worlds.a.people.owner;
  const answer = await sendOperation(net.cluster.origin, headers, { query: ingest, variables: { traces } });
  if (!answer.text.includes(`"accepted":${begins.length}`)) throw new Error(`Traces of A answered ${answer.text}`);
}

/** Has the roll-up come to all that is there. */
async function rollUp(net: Net): Promise<void> {
  await net.cluster.startReactions();
  try {
    await eventually(
      async () => {
        const { rows } = await net.admin.query(
          `select from stream_head h left join consumer_position p
             on p.workspace_id = h.workspace_id and p.stream_id = h.stream_id and p.consumer = 'rollup'
           where h.stream_id = 'traces' and h.last_seq > coalesce(p.seq, 0)`,
        );
        if (rows.length > 0) throw new Error('The roll-up does not come to what is there.');
      },
      { timeoutMs: 60_000, intervalMs: 200 },
    );
  } finally {
    await net.cluster.stopReactions();
  }
}

/** As text, by table. */
async function rowsOf(net: Net, workspaceId: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const table of rolledUp) {
    const { rows } = await net.admin.query<{ text: string }>(
      `select coalesce(string_agg(line, ',' order by line), '') as text
       from (select to_jsonb(t)::text as line from "${table}" t where workspace_id = $1) as rows`,
      [workspaceId],
    );
    found.set(table, rows[0]!.text);
  }
  return found;
}
