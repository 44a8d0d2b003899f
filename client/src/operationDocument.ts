/**
 * The text of an operation. graphql-codegen's `documentMode: 'string'` makes such objects, which know the types of their answer
 * and variables; a plain text is one as well.
 */
export interface OperationDocument<Data = unknown, Variables = Record<string, unknown>> {
  toString(): string;
  readonly __apiType?: (variables: Variables) => Data;
  /** codegen's `persistedDocuments` leaves the id here. */
  readonly __meta__?: { readonly hash?: unknown } & Record<string, unknown>;
}

/** A document without its types. */
export type DocumentText = Pick<OperationDocument, 'toString' | '__meta__'>;

/** Finds the id under which an operation is stored. */
export type DocumentId = (text: string) => string | Promise<string>;

/** What is sent of an operation, beside its variables. */
export interface SentDocument {
  readonly query: string;
  readonly documentId?: string;
}

/** The id that `npm run operations` gives to a text: its SHA-256 in hex. Browsers have what it takes on pages of https: and localhost. */
export async function sha256Id(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The text, or with `documentId` its id alone: graphql-ws wants a text, so that one is empty. */
export async function sentDocument(document: DocumentText, documentId: DocumentId | undefined): Promise<SentDocument> {
  const text = document.toString();
  if (!documentId) return { query: text };
  const known = document.__meta__?.hash;
  return { query: '', documentId: typeof known === 'string' ? known : await documentId(text) };
}
