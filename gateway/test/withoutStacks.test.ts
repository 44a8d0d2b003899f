import { describe, expect, test } from '@jest/globals';
import { CodedError } from '@tributary/contracts/errors';
import { GraphQLError } from 'graphql';
import { withoutStacks } from '../src/operations/withoutStacks.js';

describe('errors without stacks', () => {
  const framesOf = (error: unknown) => (error as Error).stack!.split('\n').filter((line) => /^ +at /.test(line)).length;

  function thrownBy(make: () => Error): unknown {
    try {
      withoutStacks(() => {
        throw make();
      });
    } catch (error) {
      return error;
    }
    return null;
  }

  test('are those that a client is told', () => {
    const answer = withoutStacks(() => [new GraphQLError('Wrong.')]);
    expect(framesOf(answer[0])).toBe(0);
    expect(framesOf(thrownBy(() => new GraphQLError('Wrong.')))).toBe(0);
    expect(framesOf(thrownBy(() => new CodedError('INVALID_INPUT', 'Wrong.')))).toBe(0);
  });

  test('are not those that an operator is told, and not those made later', () => {
    expect(framesOf(thrownBy(() => new TypeError('A bug.')))).toBeGreaterThan(1);
    expect(framesOf(new Error('Later.'))).toBeGreaterThan(1);
  });
});
