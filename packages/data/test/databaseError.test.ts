import { expect, test } from '@jest/globals';
import { toCodedDatabaseError } from '../src/databaseError.js';

const refused = (code: string) => Object.assign(new Error('refused'), { code });

test.each(['22021', '22P05', '22P02', '22003', '22007', '22008'])(
  'a value that PostgreSQL will never take (%s) is the request’s fault, and nobody is told to try again',
  (state) => {
    expect(toCodedDatabaseError(refused(state))).toMatchObject({ code: 'INVALID_INPUT' });
  },
);

test('what PostgreSQL refuses for another reason may do the next time', () => {
  expect(toCodedDatabaseError(refused('40001'))).toMatchObject({ code: 'DATABASE_ERROR' });
});
