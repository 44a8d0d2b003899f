// `npm run prove:clients`: clients in Go, Rust and Python, with libraries of others, ask a started system, are refused, follow a subscription,
// and go on behind the cursor where they left it. The first run installs them in the temporary folder.   --only go,rust,python
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { startProduct } from '@tributary/kit';
import { printTable, type TableRow } from '@tributary/kit/measure';
import { ClientProgram } from './ClientProgram.ts';
import { installClient, recipes, type Language } from './installClient.ts';

const { values: flags } = parseArgs({ options: { only: { type: 'string', default: 'go,rust,python' } } });
const languages = flags.only.split(',') as Language[];

await using product = await startProduct({ mode: 'embedded' });
const token = await signIn();
const rows: TableRow[] = [];
let failed = 0;
for (const language of languages) {
  const started = performance.now();
  const folder = installClient(language);
  const installed = performance.now();
  const failures: string[] = [];
  try {
    await prove(language, folder, (what, held, saw) => {
      if (!held) failures.push(`${what}: ${JSON.stringify(saw)}`);
    });
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error));
  }
  failed += failures.length;
  const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1);
  rows.push({
    client: language,
    with: recipes[language].library,
    installed: `${seconds(started, installed)} s`,
    ran: `${seconds(installed, performance.now())} s`,
    held: failures.length === 0 ? 'yes' : `NO: ${failures.join('; ')}`,
  });
}
printTable(rows);
process.exitCode = failed > 0 || rows.length === 0 ? 1 : 0;

type Note = (what: string, held: boolean, saw: unknown) => void;

async function prove(language: Language, folder: string, note: Note): Promise<void> {
  const told = { TRIBUTARY_URL: product.url, TRIBUTARY_TOKEN: token };
  using client = new ClientProgram(folder, recipes[language].run, told);
  const { flows } = (await client.says('query')) as { flows: { nodes: { status: string }[] } };
  note('a query answers', flows.nodes.length === 1 && typeof flows.nodes[0]!.status === 'string', flows);
  const code = await client.says('error');
  note('an error has its code', code === 'INVALID_INPUT', code);

  const events = [await client.says('event')];
  await createFlow(`${language} sees`);
  events.push(await client.says('event'));
  await createFlow(`${language} missed`);
  client.goOn();
  events.push(await client.says('event'));
  const seen = (events as { type: string; flow: { name: string } | null }[]).map(({ type, flow }) => [
    type,
    flow?.name ?? null,
  ]);
  const wanted = [
    ['stream.snapshot', null],
    ['flow.created', `${language} sees`],
    ['flow.created', `${language} missed`],
  ];
  note('a subscription goes on behind its cursor', isDeepStrictEqual(seen, wanted), seen);

  const refusal = String(await client.says('refused'));
  note('a wrong token is told of', /4401|INVALID_CREDENTIALS/.test(refusal), refusal);
  const ended = await client.end();
  note('it ends by itself', ended === 0, ended);
}

async function signIn(): Promise<string> {
  const answer = await post('/auth/login', { email: 'owner@acme.example', password: 'tributary-demo' });
  return (answer as { accessToken: string }).accessToken;
}

async function createFlow(name: string): Promise<void> {
  const query = 'mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }';
  await post('/graphql', { query, variables: { input: { kind: 'crew', name, phases: ['a'] } } }, token);
}

async function post(path: string, body: unknown, as?: string): Promise<unknown> {
  const response = await fetch(new URL(path, product.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(as && { authorization: `Bearer ${as}` }) },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { readonly errors?: unknown };
  if (!response.ok || answer.errors) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}
