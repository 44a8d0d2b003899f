import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { auditActionNames, auditActions } from '@tributary/contracts/audit';
import { eventStreams, flowStream, streamKind } from '@tributary/contracts/events';

const root = new URL('../..', import.meta.url).pathname;
const product = globSync(['subgraphs/*/src/**/*.ts', 'packages/data/src/**/*.ts'], { cwd: root }).map((file) => ({
  file,
  text: readFileSync(`${root}${file}`, 'utf8'),
}));

describe('the register of audit actions', () => {
  test('names only what some part of the product writes', () => {
    const written = new Set(
      product.flatMap(({ text }) => [...text.matchAll(/'([a-z]\w*\.\w+)'/gi)].map(([, name]) => name)),
    );
    expect(auditActionNames.filter((action) => !written.has(action))).toEqual([]);
  });

  test('says in whole sentences what happened', () => {
    for (const meaning of Object.values(auditActions)) expect(meaning).toMatch(/^[A-Z].*\.$/);
  });
});

describe('the register of event streams', () => {
  test('knows the kind of every stream', () => {
    expect(streamKind(flowStream('0190a5c8-7b1e-7cc3-9d5c-3f8f7b1e7cc3'))).toBe('flow');
    expect(streamKind('flows')).toBe('flows');
    expect(streamKind('alerts')).toBe('alerts');
    expect(streamKind('traces')).toBe('traces');
  });

  test('names only types that some part of the product writes', () => {
    const written = new Set(
      product.flatMap(({ text }) => [...text.matchAll(/'([a-z]+\.[a-z_]+)'/g)].map(([, name]) => name)),
    );
    for (const { types } of Object.values(eventStreams)) {
      expect(types.filter((type) => !written.has(type))).toEqual([]);
    }
  });
});
