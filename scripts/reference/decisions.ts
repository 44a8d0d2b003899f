import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { table } from './table.ts';

const folder = fileURLToPath(new URL('../../docs/decisions/', import.meta.url));

/** An index of the decisions that counts without holes: files keep the numbers that were free when they were written. */
export function decisionsPage(): string {
  const files = readdirSync(folder)
    .filter((name) => /^\d{4}-/.test(name))
    .sort();
  const rows = files.map((name, index) => {
    const [heading = ''] = readFileSync(`${folder}${name}`, 'utf8').split('\n', 1);
    return [String(index + 1), `[${name.slice(0, 4)}](${name})`, heading.replace(/^# \d{4}:? /, '')];
  });
  return `# Decisions

What was chosen, what was refused, and the number that decided: a page each. The first column counts without holes, for readers; files keep
the numbers under which code and commits know them. A new page takes the next free number; \`npm run reference\` writes its row here.

${table(['', 'file', 'decision'], rows)}
`;
}
