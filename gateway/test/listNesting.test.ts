import { describe, expect, test } from '@jest/globals';
import { checkListNesting } from '../src/operations/checkInput.js';

const limits = { inputDepth: 16 };
const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;

describe('lists inside each other', () => {
  test('are refused with the name of what takes them', () => {
    expect(() => checkListNesting(`{ assets(filter: { tags : ${nested(17)} }) { id } }`, limits)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ field: 'tags' }) }),
    );
    expect(() => checkListNesting(`{ assets(tags: ${nested(16)}) { id } }`, limits)).not.toThrow();
  });

  test('count only outside of texts and comments', () => {
    for (const hidden of [`"${'['.repeat(20)}"`, `"""\\""" ${'['.repeat(20)}"""`, `# ${'['.repeat(20)}\n`])
      expect(() => checkListNesting(`{ a(b: ${hidden} 1) }`, limits)).not.toThrow();
  });

  // Each took its length squared: a document of 100 KB held the process for seconds.
  test.each([
    ['one word', 'a'.repeat(1_000_000)],
    ['blanks behind words', `a${' '.repeat(1_000)}`.repeat(1_000)],
    ['quotes that nothing closes', '"a\n'.repeat(300_000)],
    ['block quotes that nothing closes', `"""${'\\"""'.repeat(200_000)}`],
    ['words in a row', 'ab '.repeat(300_000)],
  ])('are looked for in time that grows with the text: %s', (_, text) => {
    const started = performance.now();
    checkListNesting(text, limits);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
