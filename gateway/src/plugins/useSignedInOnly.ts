import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { CodedError } from '@tributary/kernel';
import { getOperationAST, GraphQLError, type FieldNode, type GraphQLSchema, isNonNullType, type OperationTypeNode } from 'graphql';
import type { EngineContext } from '../engine/OperationContext.js';
import { isIntrospection, rootFieldsOf } from '../operations/rootFields.js';

/** Without a caller, every root field answers why; only `__typename`, and the schema where it may be asked for, answer as usual. */
export function useSignedInOnly(): GatewayPlugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { principal, refusal } = (args.contextValue as unknown as EngineContext).tributary;
      if (principal) return;
      const operation = getOperationAST(args.document, args.operationName);
      if (!operation) return;
      const fields = rootFieldsOf(args.document, operation);
      if (isIntrospection(fields) || fields.every((field) => field.name.value === '__typename')) return;
      setResultAndStopExecution(refuseEach(args.schema, operation.operation, fields, refusal ?? notSignedIn()));
    },
    onSubscribe({ args }) {
      const { principal, refusal } = (args.contextValue as unknown as EngineContext).tributary;
      if (!principal) throw refusal ?? notSignedIn();
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
