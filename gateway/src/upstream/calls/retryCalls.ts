import { DelegateBackoff, handleWhen, retry } from 'cockatiel';
import { Kind, OperationTypeNode, type DocumentNode, type FieldNode, type OperationDefinitionNode } from 'graphql';
import { CallFailure } from './CallFailure.js';
import type { CallPolicy, SubgraphCall } from './SubgraphCall.js';

/** Milliseconds before the second and the third try, give or take half of it. */
const waits = [100, 400];

/**
 * A call that brought no answer is made again, at most twice, within the operation's time: reads, and mutations whose
 * idempotency key makes a repetition safe.
 */
export const retryCalls: CallPolicy = (next) => async (request) => {
  const operation = request.context?.tributary;
  let tries = 0;
  let pause = 0;
  const mayTryAgain = (error: unknown): boolean => {
    if (!(error instanceof CallFailure) || error.reason === 'open') return false;
    if (tries === waits.length || !mayRepeat(request.document, request.variables)) return false;
    pause = waits[tries]! * (0.5 + Math.random());
    tries += 1;
    return !operation?.signal.aborted && (operation?.deadline?.remaining() ?? 0) > pause;
  };
  const policy = retry(handleWhen(mayTryAgain), {
    maxAttempts: waits.length,
    backoff: new DelegateBackoff(() => pause),
  });
  return policy.execute(() => next(request));
};

function mayRepeat(document: DocumentNode, variables: SubgraphCall['variables']): boolean {
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (operation?.operation === OperationTypeNode.QUERY) return true;
  if (operation?.operation !== OperationTypeNode.MUTATION) return false;
  return operation.selectionSet.selections.every(
    (field) => field.kind === Kind.FIELD && hasKey(field, variables ?? {}),
  );
}

function hasKey(field: FieldNode, variables: NonNullable<SubgraphCall['variables']>): boolean {
  const input = field.arguments?.find((argument) => argument.name.value === 'input')?.value;
  if (input?.kind === Kind.VARIABLE) {
    const value = variables[input.name.value];
    return (
      typeof value === 'object' &&
      value !== null &&
      'idempotencyKey' in value &&
      typeof value.idempotencyKey === 'string'
    );
  }
  if (input?.kind !== Kind.OBJECT) return false;
  const key = input.fields.find((candidate) => candidate.name.value === 'idempotencyKey')?.value;
  return key?.kind === Kind.STRING || (key?.kind === Kind.VARIABLE && typeof variables[key.name.value] === 'string');
}
