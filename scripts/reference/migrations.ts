import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { table } from './table.ts';

const folder = fileURLToPath(new URL('../../migrations/', import.meta.url));

/** An index of the migrations that counts without holes, with what each says of itself. */
export function migrationsPage(): string {
  const files = readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.ts$/.test(name))
    .sort();
  const rows = files.map((name, index) => [String(index + 1), `[${name.slice(0, 4)}](${name})`, firstSentence(name)]);
  return `# Migrations

One table's story a file, its policy beside it: \`lockTenantTable\` right behind \`create table\`. Released files are never edited and keep their names,
under which databases remember them; the first column counts without holes, for readers. They run in the order of \`index.ts\`, as role \`migrator\`:
\`npm run migrate\` for a cluster, by themselves in embedded mode. A migration sees \`packages/data\` and never today's entities: it must mean the same
for ever. The catalogue test fails on a table, key or view that leaves the workspace out.

${table(['', 'file', 'what it brings'], rows)}
`;
}

/** Of the comment on its class. */
function firstSentence(name: string): string {
  const text = readFileSync(`${folder}${name}`, 'utf8');
  const comment = /\/\*\*(.*?)\*\/\s*export class/s.exec(text)?.[1];
  if (!comment) throw new Error(`migrations/${name} does not say in a comment on its class what it brings.`);
  const words = comment.replaceAll(/\s*\n \* ?/g, ' ').trim();
  return /^.*?[.](?= |$)/s.exec(words)?.[0] ?? words;
}
