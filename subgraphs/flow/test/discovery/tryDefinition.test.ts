import { expect, test } from '@jest/globals';
import { tryDefinition } from '../../src/domain/discovery/definitions/tryDefinition.js';

test('a trial ends at its time within a batch too, however much each record makes its paths walk', async () => {
  const lists = Array.from({ length: 300 }, (_, index) => `{"a":[{"b":${index}}]}`).join(',');
  const records = Array.from({ length: 40 }, (_, index) => `{"name":"n${index}","wide":[${lists}]}`);
  const edges = Array.from(
    { length: 20 },
    () => `  - { to: ['wide[].a[].c', 'wide[].a[].d', 'wide[].a[].e'], kind: uses }`,
  );
  const content = `name: wide\nform: tree\nrecognise: { all: [name, wide] }\nrecords: '[]'\nfields: { name: name }\nedges:\n${edges.join('\n')}\n`;
  const sample = `[${records.join(',')}]`;
  await expect(tryDefinition(content, sample, 5)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: /2 s/ });
  expect(await tryDefinition(content, sample, 60_000)).toMatchObject({ recognised: true, rows: 40 });
});
