import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] };

const pages = globSync(
  ['*.md', 'docs/**/*.md', '*/README.md', '{packages,subgraphs}/*/README.md', 'examples/**/*.md'],
  {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  },
);

/** What GitHub makes of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1]!));
}

describe('what is written for people', () => {
  test.each(pages)('%s leads nowhere in vain', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
    const broken = links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [path = '', anchor] = link.split('#', 2);
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('the files that the architecture page names are there', () => {
    const paths = [...read('docs/architecture.md').matchAll(/`([a-z]+\/[\w./-]+)`/g)].map((match) => match[1]!);
    expect(paths.length).toBeGreaterThan(40);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('README is read in one sitting', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(150);
  });

  test('every workspace says what it is', () => {
    const folders = workspaces.flatMap((pattern) => globSync(pattern, { cwd: root }));
    const silent = folders.filter(
      (folder) => existsSync(join(root, folder, 'package.json')) && !existsSync(join(root, folder, 'README.md')),
    );
    expect(silent).toEqual([]);
  });
});
