import type { DocumentNode, GraphQLError } from 'graphql';
import type { GatewaySettings } from '../settings.js';
import type { Documents } from './Documents.js';
import type { KnownDocument } from './KnownDocument.js';
import { placeOfNode } from './placeOfNode.js';
import { withoutStacks } from './withoutStacks.js';

/** Of an operation that is not valid, these are told: whoever mends it learns of the rest then. */
export const maxErrors = 20;

export type ValidateDocument = (
  document: DocumentNode,
  options: { readonly maxErrors: number; readonly hideSuggestions: boolean },
) => readonly GraphQLError[];

export interface DocumentReaders {
  readonly documents: Documents;
  readonly settings: GatewaySettings;
  readonly validate: ValidateDocument;
}

/** The document of this text, which is valid. Throws an AggregateError that says why it is not. */
export function readValidDocument(text: string, isStored: boolean, readers: DocumentReaders): KnownDocument {
  const { documents, settings, validate } = readers;
  const known = documents.find(text);
  if (known) return known;
  const document = withoutStacks(() => documents.read(text, isStored));
  const options = { maxErrors, hideSuggestions: !settings.suggestions };
  const errors = withoutStacks(() => validate(document.node, options));
  if (errors.length > 0) throw new AggregateError(withPlaces(document.node, errors));
  documents.keep(document);
  return document;
}

/** Names the argument that an error is about, for formatError to tell. */
function withPlaces(document: DocumentNode, errors: readonly GraphQLError[]): readonly GraphQLError[] {
  for (const error of errors) {
    const field = error.nodes?.[0] && placeOfNode(document, error.nodes[0]);
    if (field) error.extensions['field'] = field;
  }
  return errors;
}
