import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { CodedError } from '@tributary/contracts/errors';
import { GraphQLError, isNonNullType, type FieldNode, type GraphQLSchema, type OperationTypeNode } from 'graphql';
import { isIntrospection } from '../../operations/rootFields.js';
import { executedOperation } from './executedOperation.js';

/** Without a caller, every root field answers why; only `__typename`, and the schema where it may be asked for, answer as usual. */
export function useSignedInOnly(): GatewayPlugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { context, operation, rootFields, schema } = executedOperation(args);
      if (context.principal) return;
      if (isIntrospection(rootFields) || rootFields.every((field) => field.name.value === '__typename')) return;
      setResultAndStopExecution(refuseEach(schema, operation.operation, rootFields, context.refusal ?? notSignedIn()));
    },
    onSubscribe({ args }) {
      const { context } = executedOperation(args);
      if (!context.principal) throw context.refusal ?? notSignedIn();
    },
  };
}

function refuseEach(schema: GraphQLSchema, kind: OperationTypeNode, fields: readonly FieldNode[], refusal: CodedError) {
  const type = schema.getRootType(kind);
  const data: Record<string, unknown> = {};
  const errors: GraphQLError[] = [];
  let nothingLeft = false;
  for (const field of fields) {
    const key = field.alias?.value ?? field.name.value;
    if (key in data) continue;
    if (field.name.value === '__typename') {
      data[key] = type?.name;
      continue;
    }
    const definition = type?.getFields()[field.name.value];
    if (definition && isNonNullType(definition.type)) nothingLeft = true;
    data[key] = null;
    errors.push(new GraphQLError(refusal.message, { path: [key], originalError: refusal }));
  }
  return { data: nothingLeft ? null : data, errors };
}

function notSignedIn(): CodedError {
  return new CodedError('INVALID_CREDENTIALS', 'Sign in first.');
}
