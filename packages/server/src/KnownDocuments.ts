import { Kind, OperationTypeNode, type DocumentNode } from 'graphql';

const maxDocuments = 1_000;
/** A gateway's fetches are shorter; what is longer is left to be read anew. */
const maxLength = 50_000;

/** A request whose document was found valid before. */
export interface KnownRequest {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly operationName: string | undefined;
}

/** Documents that were found valid, by their text: a gateway sends the same few again and again. */
export class KnownDocuments {
  /** The oldest first. */
  private readonly documents = new Map<string, DocumentNode>();

  /** Of queries and mutations; a subscription is none of this endpoint's. */
  remember(text: string, document: DocumentNode): void {
    const isSubscription = document.definitions.some(
      (definition) =>
        definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.SUBSCRIPTION,
    );
    if (text.length > maxLength || isSubscription || this.documents.has(text)) return;
    const [oldest] = this.documents.keys();
    if (oldest !== undefined && this.documents.size >= maxDocuments) this.documents.delete(oldest);
    this.documents.set(text, document);
  }

  /** Null for whatever is not, key by key, a request with a known document: it takes the long way, and is told there what is wrong. */
  find(body: unknown): KnownRequest | null {
    if (!isRecord(body)) return null;
    const { query, variables = null, operationName = null, ...others } = body;
    if (typeof query !== 'string' || Object.keys(others).length > 0) return null;
    if (operationName !== null && typeof operationName !== 'string') return null;
    if (variables !== null && !isRecord(variables)) return null;
    const document = this.documents.get(query);
    return document ? { document, variables: variables ?? undefined, operationName: operationName ?? undefined } : null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
