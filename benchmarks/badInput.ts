// `npm run bench:bad-input`: sources that nobody can import, through the real API: each must end with a coded error or rejected
// rows, and the system must be there afterwards.   --mode embedded|cluster   --only <part of a name>
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Client, startDiscoveryOf, untilEnded } from '@tributary/kit/client';
import { pidsOf, printTable } from '@tributary/kit/measure';
import { type Mode, System } from '@tributary/kit';

interface BadSource {
  readonly name: string;
  readonly content: Buffer;
  readonly format?: 'CSV' | 'JSON';
}

const header = 'hostname,ip_address,environment,owner\n';
const goodRow = (n: number) => `host-${n},10.0.0.${n},production,owner${n}@corp.example\n`;
const megabyte = 1024 * 1024;

const sources: readonly BadSource[] = [
  { name: 'empty file', content: Buffer.alloc(0) },
  { name: 'spaces and line breaks only', content: Buffer.from(' \n\n  \r\n') },
  { name: 'binary file', content: Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0]), randomBytes(200_000)]) },
  { name: 'ZIP archive named .csv', content: Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(50_000)]) },
  {
    name: 'JSON declared as CSV',
    content: Buffer.from(JSON.stringify([{ hostname: 'a' }, { hostname: 'b' }], null, 1)),
  },
  { name: 'CSV declared as JSON', content: Buffer.from(header + goodRow(1)), format: 'JSON' },
  {
    name: 'JSON cut off in the middle',
    content: Buffer.from('[{"hostname":"a"},{"hostname":"b"},{"hos'),
    format: 'JSON',
  },
  { name: 'JSON nested 100,000 deep', content: Buffer.from('['.repeat(100_000)), format: 'JSON' },
  { name: 'header only', content: Buffer.from(header) },
  { name: '10,000 columns', content: Buffer.from(wide(10_000)) },
  { name: 'one 50 MB line', content: Buffer.alloc(50 * megabyte, 'x') },
  {
    name: 'one 50 MB line below a header',
    content: Buffer.concat([Buffer.from(header), Buffer.alloc(50 * megabyte, 'x')]),
  },
  {
    name: '50 MB behind an open quote',
    content: Buffer.concat([Buffer.from(`${header}"`), Buffer.alloc(50 * megabyte, `${'y'.repeat(99)}\n`)]),
  },
  {
    name: 'broken UTF-8',
    content: Buffer.concat([Buffer.from(header + goodRow(1)), brokenRow(), Buffer.from(goodRow(3))]),
  },
  {
    name: 'formula cells',
    content: Buffer.from(
      `${header}${goodRow(1)}"=HYPERLINK(""http://x.example"")",10.0.0.2,test,a@corp.example\n@SUM(A1),10.0.0.3,test,b@corp.example\n`,
    ),
  },
  {
    name: 'duplicate keys',
    content: Buffer.from(`serial_number,hostname\nS1,host-1\nS1,host-2\nS2,host-3\nS2,host-3\n`),
  },
  { name: 'rows of other widths', content: Buffer.from(`${header}${goodRow(1)}a,b\n1,2,3,4,5,6,7\n`) },
  {
    name: 'NUL inside a row',
    content: Buffer.from(`${header}${goodRow(1)}ho\0st,10.0.0.2,test,x@corp.example\n${goodRow(3)}`),
  },
  { name: 'the same column twice', content: Buffer.from('hostname,hostname,ip\na,b,10.0.0.1\n') },
];

const { values: flags } = parseArgs({
  options: { mode: { type: 'string', default: 'embedded' }, only: { type: 'string', default: '' } },
});
await using system = await System.start({ mode: flags.mode as Mode });
const client = new Client(system);
const processesBefore = processIds();
const rows: Record<string, string | number>[] = [];

for (const source of sources.filter(({ name }) => name.includes(flags.only))) {
  const started = performance.now();
  const outcome = await tryOut(source).catch((error: unknown) => ({ outcome: 'WRONG', what: String(error) }));
  const alive = (await client.healthy()) && (await client.send('{ viewer { role } }')).data?.viewer?.role === 'OWNER';
  const restarted = processIds() !== processesBefore;
  const fault = outcome.outcome.startsWith('WRONG') || !alive || restarted;
  if (fault) process.exitCode = 1;
  rows.push({
    source: source.name,
    outcome: outcome.outcome,
    seconds: (performance.now() - started) / 1000,
    system: !alive ? 'DEAD' : restarted ? 'a process died' : 'alive',
    what: outcome.what.slice(0, 150),
  });
  console.error(`${fault ? 'FAIL' : 'ok  '} ${source.name}`);
}
printTable(rows);
client.close();

async function tryOut({ name, content, format = 'CSV' }: BadSource): Promise<{ outcome: string; what: string }> {
  const upload = await client.upload({ name: `${name}.${format.toLowerCase()}`, content });
  if (upload.status !== 201) return refused(`upload ${upload.status}`, upload.body?.errors?.[0] ?? upload.body);
  const flow = await untilEnded(client, await startDiscoveryOf(client, name, upload.body.uploadId, format), 120);
  if (flow.status === 'FAILED') return refused('flow failed', { ...flow.failure, extensions: flow.failure });
  const { rowsTotal, rowsValid, rowsRejected, rejectedRows } = flow.discovery;
  const codes = [
    ...new Set(rejectedRows.nodes.map((row: { code: string; line: number }) => `${row.code} in line ${row.line}`)),
  ];
  return {
    outcome: `${flow.status}: ${rowsTotal} rows, ${rowsValid} valid, ${rowsRejected} rejected`,
    what: codes.join(', '),
  };
}

interface Refusal {
  readonly code?: string;
  readonly message?: string;
  readonly extensions?: { readonly code?: string };
}

function refused(how: string, error: Refusal | undefined): { outcome: string; what: string } {
  const code = error?.extensions?.code ?? error?.code;
  return {
    outcome: code ? `${how}: ${code}` : `WRONG: ${how} without a code`,
    what: error?.message ?? JSON.stringify(error),
  };
}

function processIds(): string {
  return ['main', 'worker', 'gateway', 'flow', 'asset'].flatMap((part) => pidsOf(part)).join();
}

function wide(columns: number): string {
  const names = Array.from({ length: columns }, (_, n) => `column_${n}`);
  return `hostname,${names.join()}\nhost-1,${names.map((_, n) => n).join()}\n`;
}

function brokenRow(): Buffer {
  return Buffer.concat([
    Buffer.from('host-'),
    Buffer.from([0xc3, 0x28, 0xff, 0xfe]),
    Buffer.from(',10.0.0.2,test,x@corp.example\n'),
  ]);
}
