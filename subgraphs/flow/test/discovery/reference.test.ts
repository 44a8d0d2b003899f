import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { shippedDefinitions } from '../../src/domain/discovery/source/catalogue/loadDefinitions.js';
import type { SourceDefinition } from '../../src/domain/discovery/source/catalogue/SourceDefinition.js';

const file = new URL('../../../../docs/reference/sources.md', import.meta.url);

/** `UPDATE_REFERENCE=1 npm test -- subgraphs/flow/test/discovery/reference` writes it anew. */
test('the reference of known sources is what the definitions say', () => {
  const reference = `# Known sources

Written from the definitions in \`subgraphs/flow/sources/\` by \`UPDATE_REFERENCE=1 npm test -- subgraphs/flow/test/discovery/reference\`. How to write one: [discovery.md](../discovery.md).

${shippedDefinitions().map(sectionOf).join('\n')}`;
  if (process.env['UPDATE_REFERENCE']) writeFileSync(file, reference);
  expect(readFileSync(file, 'utf8')).toBe(reference);
});

function sectionOf({ id, name, from, form, recognise, document, fields, edges, links }: SourceDefinition): string {
  const marks = [document, recognise].flatMap((evidence) =>
    evidence === null
      ? []
      : [
          ...evidence.all.map(({ text }) => code(text)),
          ...(evidence.any.length === 0 ? [] : [`one of ${evidence.any.map(({ text }) => code(text)).join(', ')}`]),
          ...evidence.values.map(({ path, values }) => `${code(path.text)} is ${[...values].map(code).join(' or ')}`),
        ],
  );
  const rows = fields.map(({ target, from: paths, map, always }) => {
    const where =
      paths.length === 0 ? `always ${code(always ?? '')}` : paths.map(({ text }) => code(text)).join(', else ');
    return `| ${target} | ${where}${map === null ? '' : ', by its words'} |`;
  });
  const ends = edges.map(({ kind, to }) => `| edge ${kind} | ${to.map(({ text }) => code(text)).join(', else ')} |`);
  if (links !== null) ends.push(`| edge ${links.kind} | ${code(links.list.text)} |`);
  return `## ${name}

\`${id}\`, ${form === 'table' ? 'a table' : 'JSON, YAML or XML'}. From: ${from}. Known by ${marks.join(', ')}.

| becomes | from |
|---|---|
${[...rows, ...ends].join('\n')}
`;
}

function code(text: string): string {
  return `\`${text.replace(/^"(.*)"$/, '$1')}\``;
}
