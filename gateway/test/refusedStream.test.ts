import { expect, test } from '@jest/globals';
import { GraphQLError, type ExecutionResult } from 'graphql';
import { ResumedStream } from '../src/upstream/resume/ResumedStream.js';

test('a refusal that comes as the first event of a stream is told before the stream ends', async () => {
  const refusal = new GraphQLError('It does not exist in this workspace.', {
    extensions: { code: 'RESOURCE_NOT_FOUND' },
  });
  async function* upstream(): AsyncGenerator<ExecutionResult> {
    yield { errors: [refusal] };
  }
  const stream = new ResumedStream({
    open: () => Promise.resolve(upstream()),
    document: { split: () => null } as never,
    onPosition: () => undefined,
    onLost: () => undefined,
  });
  expect(await stream.begin()).toBeNull();
  expect(await stream.next()).toEqual({ value: { errors: [refusal] }, done: false });
  expect(await stream.next()).toEqual({ value: undefined, done: true });
});
