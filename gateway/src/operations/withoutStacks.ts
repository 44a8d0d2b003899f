import { isCodedError } from '@tributary/contracts/errors';
import { GraphQLError } from 'graphql';

/**
 * What `work` answers, or throws, with no stacks in the errors that it makes for clients: those have no use for them, and as long as an
 * error lives its stack keeps everything alive that the functions in it were called on, which for one of validation is 100 KB.
 * `work` may be run twice: an error that is nobody's answer gets its stack.
 */
export function withoutStacks<T>(work: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } catch (error) {
    if (error instanceof GraphQLError || isCodedError(error)) throw error;
  } finally {
    Error.stackTraceLimit = limit;
  }
  return work();
}
