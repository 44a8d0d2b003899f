import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { CodedError } from '@tributary/kernel';
import { getOperationAST } from 'graphql';
import type { EngineContext } from '../engine/OperationContext.js';

/** A GET changes nothing: links, previews and caches may repeat it. */
export function useReadOnlyGet(): GatewayPlugin {
  return {
    onExecute({ args }) {
      if (!(args.contextValue as unknown as EngineContext).tributary.readOnly) return;
      if (getOperationAST(args.document, args.operationName)?.operation !== 'mutation') return;
      throw new MutationOverGet();
    },
  };
}

/** Kept apart because HTTP answers it with 405. */
export class MutationOverGet extends CodedError {
  constructor() {
    super('INVALID_INPUT', 'Send mutations with POST.');
  }
}
