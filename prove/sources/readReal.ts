import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { TableRow } from '@tributary/kit/measure';
import { understand } from './understand.ts';

const mostBytes = 64 * 1024 * 1024;

/** What becomes of files that people have: a row for each file of a folder, for a person to compare with what the file says. */
export async function readReal(folder: string): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for (const file of filesOf(folder)) {
    const bytes = readFileSync(file);
    const began = performance.now();
    const { status, code, recognised, lines } = await understand(bytes);
    const assets = lines.filter((line) => line.startsWith('{'));
    const kinds = new Map<string, number>();
    for (const line of assets) {
      const { kind } = JSON.parse(line) as { kind: string };
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    rows.push({
      file: relative(folder, file),
      'recognised as': recognised ?? '',
      'ends with': code === '' ? status : code,
      assets: assets.length,
      edges: lines.length - assets.length,
      kinds: [...kinds].map(([kind, times]) => `${kind} ${times}`).join(', '),
      seconds: (performance.now() - began) / 1000,
    });
  }
  return rows;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => {
      const found = statSync(file);
      return found.isFile() && found.size > 0 && found.size <= mostBytes;
    })
    .sort();
}
