import { CodedError } from '@tributary/contracts/errors';
import { OperationTypeNode } from 'graphql';
import type { KnownOperation } from '../KnownOperation.js';

/** A GET changes nothing: links, previews and caches may repeat it. Throws MutationOverGet. */
export function checkReadOnly({ kind }: KnownOperation): void {
  if (kind === OperationTypeNode.MUTATION) throw new MutationOverGet();
}

/** Kept apart because HTTP answers it with 405. */
export class MutationOverGet extends CodedError {
  constructor() {
    super('INVALID_INPUT', 'Send mutations with POST.');
  }
}
