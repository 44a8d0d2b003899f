import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Kind, parse } from 'graphql';

const root = join(import.meta.dirname, '..');

/** Names of the operations and fragments that are written in documents. */
function writtenIn(folder: string): { operations: string[]; fragments: string[]; text: string } {
  const text = readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const { definitions } = parse(text);
  const namesOf = (kind: Kind) =>
    definitions.flatMap((definition) =>
      definition.kind === kind && 'name' in definition && definition.name ? [definition.name.value] : [],
    );
  return { operations: namesOf(Kind.OPERATION_DEFINITION), fragments: namesOf(Kind.FRAGMENT_DEFINITION), text };
}

/** What the pages import of the operations, by its name. A name that is only mentioned is not used. */
function importedBy(folders: readonly string[]): Set<string> {
  const texts = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.endsWith('generated'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  );
  const imports = /import \{([^}]*)\} from '[^']*generated\/operations'/g;
  return new Set(
    texts.flatMap((text) =>
      [...text.matchAll(imports)].flatMap(([, names]) =>
        names!
          .split(',')
          .map((name) => name.trim().split(' as ')[0]!)
          .filter(Boolean),
      ),
    ),
  );
}

/** Those that a webhook may send: offered by their names, and imported by none. */
const offered = new Set(
  [
    ...readFileSync(join(root, 'src/graph/documents/webhookTemplates.graphql'), 'utf8').matchAll(
      /^subscription (\w+)/gm,
    ),
  ].map(([, name]) => name!),
);
const written = writtenIn(join(root, 'src/graph/documents'));
const imported = importedBy([join(root, 'src'), join(root, 'app')]);

test('every operation that is written for the console is asked by one of its pages', () => {
  expect(offered.size).toBeGreaterThan(0);
  expect(written.operations.filter((name) => !imported.has(name) && !offered.has(name))).toEqual([]);
});

test('whatever a page asks is written in a document', () => {
  expect(imported.size).toBeGreaterThan(50);
  expect([...imported].filter((name) => !written.operations.includes(name))).toEqual([]);
});

test('every fragment is spread somewhere', () => {
  expect(written.fragments.filter((name) => !written.text.includes(`...${name}\n`))).toEqual([]);
});
