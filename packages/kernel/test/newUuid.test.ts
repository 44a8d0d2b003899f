import { expect, test } from '@jest/globals';
import { newUuid } from '../src/index.js';

test('later uuids sort after earlier ones', () => {
  const made = Array.from({ length: 1000 }, () => newUuid());
  expect([...made].sort()).toEqual(made);
});
