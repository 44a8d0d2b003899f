// `npm run prove:otlp`: the exporters that people use, each against a started system: what is sent is stored once, whatever becomes of the
// answers.   --spans 1000   --calls 3   --cuts 1000   --random 20000   --folder where their packages are installed (default: a new one)
//   --only part of a sender's name
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Random, System } from '@tributary/kit';
import { Client } from '@tributary/kit/client';
import { printTable, type TableRow } from '@tributary/kit/measure';
import { AnswerCutter, type Fate } from './AnswerCutter.ts';
import { spanIds } from './spanIds.ts';
import { SenderFolder, senders, type Sender } from './Senders.ts';
import { StubModel, usageOfCall } from './StubModel.ts';

const { values: flags } = parseArgs({
  options: {
    spans: { type: 'string', default: '1000' },
    calls: { type: 'string', default: '3' },
    cuts: { type: 'string', default: '1000' },
    random: { type: 'string', default: '20000' },
    folder: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});

const troubles: Readonly<Record<string, Fate>> = {
  'answer cut': 'cut',
  'a 429': { status: 429, retryAfterSeconds: 2 },
  'a 503': { status: 503, retryAfterSeconds: 1 },
};

await using opened = new AsyncDisposableStack();
const folder = flags.folder ?? mkdtempSync(join(tmpdir(), 'tributary-otlp-'));
if (!flags.folder) opened.defer(() => rmSync(folder, { recursive: true, force: true }));
const installed = new SenderFolder(folder);
const system = opened.use(await System.start());
const owner = new Client(system);
const cutter = opened.use(await AnswerCutter.start(system.origin));
const model = opened.use(await StubModel.start());
const key = await apiKey();
const broken: string[] = [];

printTable(await exporters());
printTable([await cutAnswers(Number(flags.cuts)), await randomBodies(Number(flags.random))]);
if (broken.length > 0) {
  console.error(`Broken: ${broken.join('; ')}`);
  process.exitCode = 1;
}

interface Totals {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

async function apiKey(): Promise<string> {
  const input = { name: 'exporters', scopes: ['trace.ingest'] };
  const made = await owner.ask('mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }', {
    input,
  });
  return made.createApiKey.secret as string;
}

async function totals(): Promise<Totals> {
  const day = 86_400_000;
  const range = { from: new Date(Date.now() - 3_000 * day), to: new Date(Date.now() + day) };
  const { kpis } = await owner.ask(
    `query ($range: TimeRange!) { kpis(range: $range) {
      requests { value } inputTokens { value } outputTokens { value } } }`,
    { range },
  );
  return {
    requests: kpis.requests.value,
    inputTokens: kpis.inputTokens.value,
    outputTokens: kpis.outputTokens.value,
  };
}

function expectHeld(what: string, held: boolean): void {
  if (!held) broken.push(what);
}

/** Each sender undisturbed, then through an answer that is cut off, a 429 and a 503. */
async function exporters(): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for (const sender of senders.filter(({ name }) => name.includes(flags.only))) {
    const missing = await installed.install(sender);
    if (missing) {
      rows.push({ exporter: sender.name, sent: `not installed here: ${missing}` });
      continue;
    }
    const plain = await sent(sender, 'undisturbed', () => 'pass');
    const row: Record<string, string | number> = {
      exporter: sender.name,
      sent: plain.failure ? `FAILED: ${plain.failure}` : `${plain.spans} spans`,
      stored: plain.stored,
      tokens: plain.tokens,
    };
    for (const [how, fate] of Object.entries(troubles)) {
      const { failure, stored, spans, again } = await sent(sender, how, (request) => (request === 1 ? fate : 'pass'));
      // What is not of an agent is passed over each time alike.
      const [doubled, lost] = [Math.max(0, stored - plain.stored), Math.max(0, plain.stored - stored)];
      expectHeld(`${sender.name}, ${how}: as many as undisturbed`, spans === plain.spans && doubled + lost === 0);
      row[how] = failure ? `FAILED: ${failure}` : `${again} sent again, ${doubled} doubled, ${lost} missing`;
    }
    rows.push(row);
    console.log(`${sender.name}: done`);
  }
  return rows;
}

interface Sent {
  readonly failure: string | null;
  /** That came to the gateway, each counted once. */
  readonly spans: number;
  /** That came once more. */
  readonly again: number;
  readonly stored: number;
  readonly tokens: string;
}

async function sent(sender: Sender, how: string, decide: (request: number) => Fate): Promise<Sent> {
  const before = await totals();
  cutter.seen.length = 0;
  let requests = 0;
  cutter.decide = () => decide((requests += 1));
  const calls = Number(sender.countsSpans ? flags.spans : flags.calls);
  const failure = await installed.send(sender, {
    OTEL_EXPORTER_OTLP_ENDPOINT: cutter.origin,
    OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${key}`,
    OTEL_SERVICE_NAME: 'proof',
    SPANS: String(calls),
    BATCH: '500',
    MODEL_URL: model.url,
  });
  cutter.decide = () => 'pass';
  const what = `${sender.name}, ${how}`;
  const after = await totals();
  const stored = after.requests - before.requests;
  const input = after.inputTokens - before.inputTokens;
  const output = after.outputTokens - before.outputTokens;
  const usageIsRight = input === calls * usageOfCall.input && output === calls * usageOfCall.output;
  expectHeld(what, !failure && usageIsRight && (sender.countsSpans ? stored === calls : stored >= calls));
  if (how === 'a 429') expectHeld(`${what}: it waited`, waitedSeconds() >= 2);
  // Some SDKs send metrics and logs to the same address.
  const ofTraces = cutter.seen.filter(({ path }) => path.endsWith('/v1/traces'));
  const came = ofTraces.flatMap(({ body, headers }) => spanIds(body, headers));
  const spans = new Set(came).size;
  return { failure, spans, again: came.length - spans, stored, tokens: `${input}+${output}` };
}

/** From the first request, which was refused, to the last, which is that one sent again: others may come between. */
function waitedSeconds(): number {
  const [first, last] = [cutter.seen[0], cutter.seen.at(-1)];
  return first && last ? (last.atMs - first.atMs + 5) / 1_000 : 0;
}

function requestOf(spans: number): string {
  const start = BigInt(Date.now()) * 1_000_000n;
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'cut' } }] },
        scopeSpans: [
          {
            spans: Array.from({ length: spans }, () => ({
              traceId: randomBytes(16).toString('hex'),
              spanId: randomBytes(8).toString('hex'),
              name: 'chat',
              startTimeUnixNano: String(start),
              endTimeUnixNano: String(start + 5_000_000n),
              attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: 'chat' } }],
            })),
          },
        ],
      },
    ],
  });
}

function post(
  origin: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
): Promise<Response> {
  return fetch(`${origin}/v1/traces`, { method: 'POST', headers: { 'x-api-key': key, ...headers }, body });
}

/** Every first answer is lost; whoever sends again must find all of it stored, once. */
async function cutAnswers(cuts: number): Promise<TableRow> {
  const spansOfEach = 3;
  const before = await totals();
  cutter.seen.length = 0;
  let lostAnswers = 0;
  const json = { 'content-type': 'application/json' };
  const begun = performance.now();
  for (let n = 0; n < cuts; n += 1) {
    const body = requestOf(spansOfEach);
    cutter.decide = () => 'cut';
    await post(cutter.origin, body, json).catch(() => (lostAnswers += 1));
    cutter.decide = () => 'pass';
    const again = await post(cutter.origin, body, json);
    if (again.status !== 200) broken.push(`a resend answered ${again.status}`);
    await again.text();
  }
  const stored = (await totals()).requests - before.requests;
  const doubled = stored - cuts * spansOfEach;
  expectHeld(`${cuts} cut answers`, doubled === 0 && lostAnswers === cuts);
  return {
    what: `${cuts} answers cut, sent again`,
    figure: `${lostAnswers} lost, ${doubled} spans doubled or missing`,
    seconds: Math.round((performance.now() - begun) / 1_000),
  };
}

/** Truncated, altered and random bytes, zipped or not, of either type: none is our fault. */
async function randomBodies(count: number): Promise<TableRow> {
  const random = new Random(1);
  const sound = Buffer.from(requestOf(5));
  const statuses = new Map<number, number>();
  const begun = performance.now();
  let left = count;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const { body, headers } = oddBody(random, sound);
      const answer = await post(system.origin, body, headers);
      await answer.arrayBuffer();
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 8 }, caller));
  expectHeld(
    'random bodies',
    [...statuses.keys()].every((status) => status < 500),
  );
  const figures = [...statuses].sort(([one], [other]) => one - other).map(([status, times]) => `${status}: ${times}`);
  return {
    what: `${count} random, cut and altered bodies`,
    figure: figures.join(', '),
    seconds: Math.round((performance.now() - begun) / 1_000),
  };
}

function oddBody(random: Random, sound: Buffer) {
  const isJson = random.between(0, 1) === 0;
  const plain = Buffer.from(
    isJson ? sound.subarray(0, random.between(0, sound.length)) : randomBytes(random.between(0, 300)),
  );
  for (let flips = random.between(0, 4); flips > 0 && plain.length > 0; flips -= 1)
    plain[random.between(0, plain.length - 1)] = random.between(0, 255);
  const zipped = random.between(0, 2);
  const body = zipped === 1 ? gzipSync(plain) : plain;
  const headers: Record<string, string> = {
    'content-type': isJson ? 'application/json' : 'application/x-protobuf',
    ...(zipped > 0 ? { 'content-encoding': 'gzip' } : {}),
  };
  return { body: Buffer.from(body), headers };
}
