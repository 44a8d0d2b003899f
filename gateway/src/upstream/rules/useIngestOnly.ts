import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { CodedError } from '@tributary/contracts/errors';
import { executedOperation } from './executedOperation.js';

/** The larger body and the longer time of `x-tributary-ingest: 1` are for `ingestTraces` and nothing beside it. */
export function useIngestOnly(): GatewayPlugin {
  return {
    onExecute({ args }) {
      const { rootFields, context } = executedOperation(args);
      if (!context.ingest || (rootFields.length === 1 && rootFields[0]!.name.value === 'ingestTraces')) return;
      throw new CodedError('INVALID_INPUT', 'With x-tributary-ingest: 1, ingestTraces must be the only root field.', {
        header: 'x-tributary-ingest',
      });
    },
  };
}
