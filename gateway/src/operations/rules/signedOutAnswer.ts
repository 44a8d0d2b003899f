import { CodedError } from '@tributary/contracts/errors';
import { GraphQLError, isNonNullType, OperationTypeNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { KnownOperation } from '../KnownOperation.js';

/**
 * What an operation is answered when nobody is signed in: each root field says why. Null: it asks for `__typename` or for
 * the schema only, which anybody may. Throws the refusal for a subscription.
 */
export function signedOutAnswer(
  { kind, rootFields, isIntrospection }: KnownOperation,
  schema: GraphQLSchema,
  whyNot: CodedError | null,
): ExecutionResult | null {
  const refusal = whyNot ?? new CodedError('INVALID_CREDENTIALS', 'Sign in first.');
  if (kind === OperationTypeNode.SUBSCRIPTION) throw refusal;
  if (isIntrospection || rootFields.every((field) => field.name.value === '__typename')) return null;
  const type = schema.getRootType(kind);
  const data: Record<string, unknown> = {};
  const errors: GraphQLError[] = [];
  let nothingLeft = false;
  for (const field of rootFields) {
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
