import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { CodedError } from '@tributary/contracts/errors';
import { execute } from 'graphql';
import { isIntrospection, isSchemaField } from '../../operations/rootFields.js';
import { executedOperation } from './executedOperation.js';

/**
 * Answers questions about the schema here, or refuses them. The engine answers an operation that asks for both schema and
 * data with half of it missing, without an error; so that mixture is refused too.
 */
export function useIntrospection(allowed: boolean): GatewayPlugin {
  return {
    onExecute({ args, setExecuteFn }) {
      const { rootFields } = executedOperation(args);
      if (!rootFields.some(isSchemaField)) return;
      if (!allowed) {
        throw new CodedError('INSUFFICIENT_PERMISSIONS', 'The schema cannot be asked for here. See its documentation.');
      }
      if (!isIntrospection(rootFields)) {
        throw new CodedError('INVALID_INPUT', 'Ask for __schema and __type in an operation of their own.');
      }
      setExecuteFn(execute);
    },
  };
}
