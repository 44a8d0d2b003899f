import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { CodedError } from '@tributary/kernel';
import { execute, getOperationAST } from 'graphql';
import { isIntrospection, isSchemaField, rootFieldsOf } from '../operations/rootFields.js';

/**
 * Answers questions about the schema here, or refuses them. The engine answers an operation that asks for both schema and
 * data with half of it missing, without an error; so that mixture is refused too.
 */
export function useIntrospection(allowed: boolean): GatewayPlugin {
  return {
    onExecute({ args, setExecuteFn }) {
      const operation = getOperationAST(args.document, args.operationName);
      const fields = operation ? rootFieldsOf(args.document, operation) : [];
      if (!fields.some(isSchemaField)) return;
      if (!allowed) {
        throw new CodedError('INSUFFICIENT_PERMISSIONS', 'The schema cannot be asked for here. It is published in the documentation.');
      }
      if (!isIntrospection(fields)) {
        throw new CodedError('INVALID_INPUT', 'Ask for __schema and __type in an operation of their own.');
      }
      setExecuteFn(execute);
    },
  };
}
