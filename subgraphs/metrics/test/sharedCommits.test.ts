import { expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { SharedCommits } from '../src/domain/SharedCommits.js';

interface Call {
  readonly name: string;
  readonly size: number;
}

const call = (name: string, size = 1): Call => ({ name, size });

/** Commits that take a moment, and what went in each. */
function committing(fails: (names: readonly string[]) => boolean = () => false) {
  const commits: string[] = [];
  const shared = new SharedCommits<Call, string>(10, async (workspace, calls) => {
    const names = calls.map(({ name }) => name);
    commits.push(`${workspace}: ${names.join(' ')}`);
    await delay(5);
    if (fails(names)) throw new Error(`not ${names.join(' ')}`);
    return names.map((name) => `${name} is stored`);
  });
  return { commits, shared };
}

test('who comes while another is being committed goes with the next, and only with those of the same workspace', async () => {
  const { commits, shared } = committing();
  const answers = [
    ...['a', 'b', 'c'].map((name) => shared.run('acme', call(name))),
    ...['x', 'y'].map((name) => shared.run('globex', call(name))),
  ];
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'x', 'y'].map((name) => `${name} is stored`));
  expect(commits.toSorted()).toEqual(['acme: a', 'acme: b c', 'globex: x', 'globex: y']);
  await shared.run('acme', call('later'));
  expect(commits.at(-1)).toBe('acme: later');
});

test('a commit takes what fits, and one that is larger by itself', async () => {
  const { commits, shared } = committing();
  const sizes = { a: 1, b: 6, c: 4, d: 1, e: 99, f: 1 };
  await Promise.all(Object.entries(sizes).map(([name, size]) => shared.run('acme', call(name, size))));
  expect(commits).toEqual(['acme: a', 'acme: b c', 'acme: d', 'acme: e', 'acme: f']);
});

test('nobody fails for another who went with them', async () => {
  const { shared } = committing((names) => names.includes('bad'));
  const answers = await Promise.allSettled(['a', 'b', 'bad', 'c'].map((name) => shared.run('acme', call(name))));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(await shared.run('acme', call('d'))).toBe('d is stored');
});
