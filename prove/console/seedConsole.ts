import type { Client } from '@tributary/kit/client';
import { Random } from '@tributary/kit';

const agents = [
  ['cost-analyst', 'claude-sonnet-4', 0.011],
  ['patch-planner', 'gpt-5-mini', 0.003],
  ['incident-scribe', 'claude-haiku-4', 0.0012],
  ['estate-auditor', 'gemini-2.5-pro', 0.017],
  ['ticket-router', 'gpt-5-mini', 0.0006],
] as const;
const departments = ['Finance', 'Operations', 'Human resources'];
const operations = ['classify', 'summarise', 'plan', 'compare', 'answer'];
const day = 86_400_000;

/** What a workspace looks like after a week of work: runs of five agents, rules, a flow that failed, one that waits, one with rejected rows. */
export async function seedConsole(client: Client, now = Date.now()): Promise<{ waiting: string; failed: string }> {
  const random = new Random(7);
  const traces = Array.from({ length: 1_400 }, (_, n) => {
    const [agent, model, price] = agents[Math.floor(random.next() ** 1.5 * agents.length)]!;
    const at = now - random.next() * 7 * day;
    const busy = new Date(at).getUTCHours() >= 8 && new Date(at).getUTCHours() < 18;
    const tokens = Math.round(400 + random.next() * 3_000) * (busy ? 2 : 1);
    const fails = random.next() < (agent === 'estate-auditor' ? 0.12 : 0.02);
    return {
      externalId: `seed-${n}`,
      agent,
      operation: operations[n % operations.length],
      model,
      version: n % 9 === 0 ? '2.1.0' : '2.0.3',
      status: fails ? (n % 2 === 0 ? 'ERROR' : 'TIMEOUT') : 'OK',
      startedAt: new Date(at).toISOString(),
      durationMs: Math.round(120 + random.next() ** 3 * 6_000),
      costUsd: Number(((price * tokens) / 1_000).toFixed(6)),
      inputTokens: tokens,
      outputTokens: Math.round(tokens / 4),
      department: departments[n % departments.length],
      environment: n % 6 === 0 ? 'test' : 'production',
    };
  });
  for (let from = 0; from < traces.length; from += 200)
    await client.ask('mutation ($input: IngestTracesInput!) { ingestTraces(input: $input) { accepted } }', {
      input: { traces: traces.slice(from, from + 200) },
    });

  const rule = 'mutation ($input: CreateAlertRuleInput!) { createAlertRule(input: $input) { rule { id } } }';
  for (const input of [
    {
      name: 'estate-auditor fails too often',
      metric: 'ERROR_RATE',
      comparison: 'ABOVE',
      threshold: 0.05,
      windowSeconds: 604_800,
      severity: 'WARNING',
      scope: { agent: ['estate-auditor'] },
    },
    {
      name: 'A day costs more than $5',
      metric: 'COST_USD',
      comparison: 'ABOVE',
      threshold: 5,
      windowSeconds: 86_400,
      severity: 'CRITICAL',
    },
    {
      name: 'Slow answers',
      metric: 'LATENCY_P95',
      comparison: 'ABOVE',
      threshold: 8_000,
      windowSeconds: 3_600,
      severity: 'INFO',
      groupBy: 'AGENT',
    },
  ])
    await client.ask(rule, { input: { rule: input } });

  const start = 'mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }';
  const started = async (name: string, source: Record<string, unknown>, requireApproval = false) =>
    (await client.ask(start, { input: { name, requireApproval, source } })).startDiscovery.flow.id as string;
  await started('Shops and what they run on', { name: 'shops.csv', content: shops() });
  const waiting = await started(
    'Export of the data centre',
    { name: 'data-centre-hamburg.csv', content: dataCentre() },
    true,
  );
  const failed = await started('Old monitoring list', {
    name: 'monitoring.json',
    format: 'JSON',
    content: '{"hosts": [{"name": "a"',
  });
  return { waiting, failed };
}

/** Services over applications over hosts, so that a drawing has something to draw. */
function shops(): string {
  const rows = ['name,type,runs on,depends on,environment,department,criticality'];
  const hosts = Array.from({ length: 6 }, (_, n) => `shop-host-${n + 1}`);
  for (const host of hosts) rows.push(`${host},server,,,production,Operations,medium`);
  rows.push('shop-database,database,shop-host-1,,production,Finance,critical');
  for (const [n, name] of ['checkout', 'catalogue', 'search', 'basket', 'payment', 'delivery'].entries())
    rows.push(
      `${name},application,${hosts[n % hosts.length]},${name === 'checkout' ? 'payment' : 'shop-database'},production,Finance,${n < 2 ? 'high' : 'medium'}`,
    );
  rows.push('web-shop,service,,checkout,production,Finance,critical');
  rows.push('partner-portal,service,,catalogue,production,Operations,high');
  return rows.join('\n');
}

/** A file as people export it: odd names, a few rows that cannot be read. */
export function dataCentre(): string {
  const rows = ['Asset Tag;Host;Typ;IP-Adresse;Betriebssystem;Standort;Verantwortlich;RAM GB'];
  for (let n = 1; n <= 60; n += 1) {
    const broken = n % 15 === 0;
    rows.push(
      `DC-${1000 + n};${broken ? '' : `dc-hh-${String(n).padStart(2, '0')}`};${n % 4 === 0 ? 'VM' : 'Server'};${broken ? 'unknown' : `10.20.0.${n}`};Debian 12;Hamburg R${1 + (n % 4)};team-${n % 3}@acme.example;${16 * (1 + (n % 4))}`,
    );
  }
  return rows.join('\n');
}
