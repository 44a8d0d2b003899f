import { CodedError } from '@tributary/contracts/errors';
import { Kind, type DocumentNode } from 'graphql';
import type { OperationLimits } from '../settings.js';
import { fragmentsOf } from './fragmentsOf.js';
import { measureDocument } from './measureDocument.js';
import { measureOperation } from './measureOperation.js';
import { isIntrospection, rootFieldsOf } from './rootFields.js';

/** Throws OPERATION_TOO_COMPLEX when an operation of the document is over a limit. Questions about the schema may be deep and aliased. */
export function checkLimits(document: DocumentNode, limits: OperationLimits): void {
  const { directives, repeatedFields, fragments } = measureDocument(document);
  refuseOver('directives', directives, limits.directives, 'directives');
  refuseOver('repeatedFields', repeatedFields, limits.repeatedFields, 'repeated fields');
  refuseOver('fragments', fragments, limits.fragments, 'fragments');
  const byName = fragmentsOf(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const measures = measureOperation(definition, byName);
    refuseOver('rootFields', measures.rootFields, limits.rootFields, 'root fields');
    if (isIntrospection(rootFieldsOf(definition, byName))) continue;
    refuseOver('depth', measures.depth, limits.depth, 'levels of fields');
    refuseOver('aliases', measures.aliases, limits.aliases, 'aliases');
    refuseOver('fields', measures.fields, limits.fields, 'fields, fragments opened');
  }
}

function refuseOver(limit: keyof OperationLimits, found: number, most: number, what: string): void {
  if (found <= most) return;
  throw new CodedError(
    'OPERATION_TOO_COMPLEX',
    `The operation has more than ${most} ${what}. Ask for less in one operation.`,
    { limit, most },
  );
}
