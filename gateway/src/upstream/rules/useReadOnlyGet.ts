import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { CodedError } from '@tributary/contracts/errors';
import { executedOperation } from './executedOperation.js';

/** A GET changes nothing: links, previews and caches may repeat it. */
export function useReadOnlyGet(): GatewayPlugin {
  return {
    onExecute({ args }) {
      const { operation, context } = executedOperation(args);
      if (context.readOnly && operation.operation === 'mutation') throw new MutationOverGet();
    },
  };
}

/** Kept apart because HTTP answers it with 405. */
export class MutationOverGet extends CodedError {
  constructor() {
    super('INVALID_INPUT', 'Send mutations with POST.');
  }
}
