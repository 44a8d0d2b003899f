import { parentPort, workerData } from 'node:worker_threads';
import { Random } from '@tributary/kit';
import { workbookBuffer, zipBuffer } from '@tributary/kit/sources';
import { readInputs } from './inputs.ts';
import { mutateFile } from './mutateFile.ts';
import { serverTable } from './headings.ts';
import { understand } from './understand.ts';

/** Told before and after each file. */
export type FuzzMessage =
  | { readonly type: 'begin'; readonly n: number }
  | { readonly type: 'end'; readonly n: number; readonly end: string; readonly ms: number; readonly heap: number }
  | { readonly type: 'crash'; readonly n: number; readonly stack: string };

const { from, to, seed } = workerData as { readonly from: number; readonly to: number; readonly seed: number };
const port = parentPort!;
const tell = (message: FuzzMessage): void => port.postMessage(message);

const inputs = readInputs().flatMap(({ bytes }) => (bytes.length === 0 ? [] : [bytes]));
const table = serverTable(20, 'fuzz');
const files = [
  ...inputs,
  Buffer.from(table.map((row) => row.join(',')).join('\n')),
  await workbookBuffer([
    { name: 'Servers', rows: table },
    { name: 'More', rows: table },
  ]),
  await workbookBuffer([{ name: 'Servers', rows: table, merged: ['A2:A5'] }], { sharedStrings: false }),
  await zipBuffer({ 'a.csv': table.map((row) => row.join(';')).join('\n'), 'b.json': inputs[0]! }),
];

for (let n = from; n < to; n += 1) {
  tell({ type: 'begin', n });
  const file = await mutateFile(files, new Random(`fuzz/${seed}/${n}`));
  const started = performance.now();
  try {
    const { status, code } = await understand(file);
    const end = status === 'SUCCEEDED' ? status : `${status} ${code.replace(/ of \d+$/, '')}`;
    tell({ type: 'end', n, end, ms: performance.now() - started, heap: process.memoryUsage().heapUsed });
  } catch (error) {
    tell({ type: 'crash', n, stack: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
