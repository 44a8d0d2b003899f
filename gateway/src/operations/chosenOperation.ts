import { CodedError } from '@tributary/contracts/errors';
import { getOperationAST, Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';

/** The operation of a document that is to be executed. Throws INVALID_INPUT when that is none, or it is not said which. */
export function chosenOperation(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (operation) return operation;
  if (name !== undefined)
    throw new CodedError('INVALID_INPUT', 'The document has no operation of this name.', { field: 'operationName' });
  const several = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION).length > 1;
  throw new CodedError(
    'INVALID_INPUT',
    several ? 'The document has several operations: say which by "operationName".' : 'The document has no operation.',
    {
      field: several ? 'operationName' : 'query',
    },
  );
}
