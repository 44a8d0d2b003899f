import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { CodedError } from '@tributary/kernel';
import { getOperationAST } from 'graphql';
import type { EngineContext } from '../engine/OperationContext.js';
import { rootFieldsOf } from '../operations/rootFields.js';

/** The larger body and the longer time of `x-tributary-ingest: 1` are for `ingestTraces` and nothing beside it. */
export function useIngestOnly(): GatewayPlugin {
  return {
    onExecute({ args }) {
      if (!(args.contextValue as unknown as EngineContext).tributary.ingest) return;
      const operation = getOperationAST(args.document, args.operationName);
      const fields = operation ? rootFieldsOf(args.document, operation) : [];
      if (fields.length === 1 && fields[0]!.name.value === 'ingestTraces') return;
      throw new CodedError('INVALID_INPUT', 'With x-tributary-ingest: 1, ingestTraces must be the only root field.', { header: 'x-tributary-ingest' });
    },
  };
}
