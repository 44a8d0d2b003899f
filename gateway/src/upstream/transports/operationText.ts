import { print, type DocumentNode } from 'graphql';

interface OperationText {
  readonly text: string;
  /** The text as it stands in JSON. */
  readonly json: string;
}

const known = new WeakMap<DocumentNode, OperationText>();

/** A document as it is sent, printed once. */
export function operationText(document: DocumentNode): OperationText {
  let found = known.get(document);
  if (!found) {
    const text = print(document);
    known.set(document, (found = { text, json: JSON.stringify(text) }));
  }
  return found;
}
