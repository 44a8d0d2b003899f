import { setTimeout as delay } from 'node:timers/promises';
import { Kind, OperationTypeNode, type DocumentNode, type FieldNode, type OperationDefinitionNode } from 'graphql';
import type { EngineContext } from '../../result/OperationContext.js';
import { CallFailure } from './CallFailure.js';
import type { CallPolicy } from './CallPolicy.js';

/** Milliseconds before the second and the third try, give or take half of it. */
const waits = [100, 400];

/**
 * A call that brought no answer is made again, at most twice, within the operation's time: reads, and mutations whose
 * idempotency key makes a repetition safe. This is the one place of the system that tries again.
 */
export const retryCalls: CallPolicy = (next) => async (request) => {
  const operation = (request.context as EngineContext | undefined)?.tributary;
  for (let tries = 0; ; tries += 1) {
    try {
      return (await next(request)) as never;
    } catch (error) {
      const wait = waits[tries];
      if (!(error instanceof CallFailure) || error.reason === 'open' || wait === undefined) throw error;
      if (!mayRepeat(request.document, request.variables)) throw error;
      const pause = wait * (0.5 + Math.random());
      if (operation?.signal.aborted || (operation?.deadline?.remaining() ?? 0) <= pause) throw error;
      await delay(pause);
    }
  }
};

function mayRepeat(document: DocumentNode, variables: Record<string, unknown> | undefined): boolean {
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (operation?.operation === OperationTypeNode.QUERY) return true;
  if (operation?.operation !== OperationTypeNode.MUTATION) return false;
  return operation.selectionSet.selections.every(
    (field) => field.kind === Kind.FIELD && hasKey(field, variables ?? {}),
  );
}

function hasKey(field: FieldNode, variables: Record<string, unknown>): boolean {
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
