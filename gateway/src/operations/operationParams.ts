import { CodedError } from '@tributary/contracts/errors';

/** What a client sends to have one operation run, over any protocol. */
export interface OperationParams {
  readonly query?: string | undefined;
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationName?: string | undefined;
  readonly extensions?: Record<string, unknown> | undefined;
  /** The id of a stored operation, in place of `query`. */
  readonly documentId?: string | undefined;
}

/** Under which clients send the id of a stored operation: ours and graphql-codegen's, Relay's, and that of older ones. */
export const idNames = ['documentId', 'doc_id', 'id'] as const;

/** Reads params from decoded JSON. Throws INVALID_INPUT that names what has the wrong type. Null counts as absent. */
export function readOperationParams(body: unknown): OperationParams {
  if (Array.isArray(body))
    throw new CodedError('INVALID_INPUT', 'Batches are not taken: send one operation in a request.');
  if (!isObject(body))
    throw new CodedError('INVALID_INPUT', 'The body must be a JSON object with "query" or "documentId".');
  return {
    query: textAt(body, 'query'),
    operationName: textAt(body, 'operationName'),
    documentId: idNames.map((name) => textAt(body, name)).find((id) => id !== undefined),
    variables: objectAt(body, 'variables'),
    extensions: objectAt(body, 'extensions'),
  };
}

function textAt(body: Record<string, unknown>, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new CodedError('INVALID_INPUT', `"${name}" must be a string.`, { field: name });
  return value;
}

function objectAt(body: Record<string, unknown>, name: string): Record<string, unknown> | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw new CodedError('INVALID_INPUT', `"${name}" must be an object.`, { field: name });
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
