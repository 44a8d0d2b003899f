import { expect, test } from '@jest/globals';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import { jobNames } from '@tributary/jobs';
import { allSubgraphs } from '@tributary/worker';

const subgraphs = allSubgraphs({ accessTokens: null, uploads: null as never });

test('there is a declaration for each name of the register of subgraphs, and for no other', () => {
  expect(subgraphs.map(({ name }) => name).sort()).toEqual([...subgraphNames].sort());
});

test('the register of jobs names those that the subgraphs declare, and no others', () => {
  const declared = subgraphs.flatMap(({ jobs }) => jobs.map(({ job }) => job.name));
  expect(declared.sort()).toEqual([...jobNames].sort());
});

test('no two consumers share a place in the log', () => {
  const names = subgraphs.flatMap(({ consumers }) => consumers.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('alert.flows');
});
