import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { colour } from '../src/charts/colours';
import { activeAt, shareOf, sumOf } from '../src/views/home/sparks';

const root = join(import.meta.dirname, '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');

describe('in a chart', () => {
  /** As many series as a page asks for at once. */
  const most = Math.max(
    ...[...read('src', 'graph', 'documents', 'explore.graphql').matchAll(/groupBy: \$groupBy, first: (\d+)/g)].map(
      ([, first]) => Number(first),
    ),
  );
  const css = read('app', 'globals.css');
  const dark = css.indexOf("\n[data-theme='dark']");

  test.each([
    ['light', css.slice(0, dark)],
    ['dark', css.slice(dark)],
  ])('no two lines have the same colour, in %s', (_theme, rules) => {
    expect(most).toBeGreaterThanOrEqual(10);
    const colours = Array.from({ length: most }, (_, index) => {
      const [, name] = /var\((--c\d+)\)/.exec(colour(index))!;
      const [, value] = new RegExp(`${name!}: (#[0-9a-f]{6});`).exec(rules)!;
      return value;
    });
    expect(new Set(colours).size).toBe(most);
  });
});

describe('the small lines of Home', () => {
  const series = (...values: (number | null)[]) => ({ points: values.map((value) => ({ value })) });

  test('count the agents that did something', () => {
    expect(activeAt([series(3, null, 0), series(1, 5, 0)])).toEqual([2, 1, 0]);
    expect(activeAt(null)).toEqual([]);
  });

  test('add what was read to what was written', () => {
    expect(sumOf([1, null, 3], [10, 20])).toEqual([11, 20, 3]);
  });

  test('say nothing of a share where there was nothing to share', () => {
    expect(shareOf([1, null, 0], [4, 4, 0])).toEqual([0.25, 0, null]);
  });
});
