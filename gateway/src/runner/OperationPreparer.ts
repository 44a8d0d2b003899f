import { Deadline } from '@tributary/kernel';
import type { Logger } from '@tributary/observability';
import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import type { Engine } from '../upstream/createEngine.js';
import type { PreparedOperation } from '../upstream/PreparedOperation.js';
import type { OperationContext } from '../result/OperationContext.js';
import type { GatewaySettings } from '../settings.js';
import { checkCost } from '../operations/checkCost.js';
import { checkVariables } from '../operations/checkInput.js';
import { chosenOperation } from '../operations/chosenOperation.js';
import { Documents } from '../operations/Documents.js';
import { mustBeStored } from '../operations/mustBeStored.js';
import { placeOfNode } from '../operations/placeOfNode.js';
import type { OperationParams } from '../operations/operationParams.js';
import type { OperationRequest } from '../operations/OperationRequest.js';
import type { StoredOperations } from '../operations/StoredOperations.js';
import { Turns } from './Turns.js';
import { withoutStacks } from '../operations/withoutStacks.js';

/** Of a document that is not valid, these are told: whoever mends it learns of the rest then. */
const mostErrors = 20;

export interface OperationPreparerOptions {
  readonly engine: Engine;
  readonly stored: StoredOperations;
  readonly settings: GatewaySettings;
  readonly logger: Logger;
}

/** Finds the document of an operation, parses, checks and validates it, and counts its cost. */
export class OperationPreparer {
  private readonly documents: Documents;
  private readonly newDocuments = new Turns();

  constructor(private readonly options: OperationPreparerOptions) {
    this.documents = new Documents(options.settings.limits);
  }

  /** What somebody sends for the first time costs milliseconds, and a thousand of these must leave room for everybody else. */
  async turnFor({ query }: OperationParams): Promise<void> {
    const isNew = (): boolean => query !== undefined && !this.documents.find(query);
    if (isNew()) await this.newDocuments.take(isNew);
  }

  /** Throws what is wrong with the operation: a CodedError, or the AggregateError of a document that is not valid. */
  prepare(request: OperationRequest): PreparedOperation {
    const { engine, stored, settings } = this.options;
    const { variables = {}, operationName } = request.params;
    const { identity, refusal } = request.caller;
    const storedOnly = mustBeStored(identity?.principal ?? null, settings);
    const { query, stored: isStored, recordedCost } = stored.resolve(request.params, storedOnly);
    checkVariables(variables, settings.limits);
    const context: OperationContext = {
      principal: identity?.principal ?? null,
      refusal,
      requestId: request.requestId,
      deadline: Deadline.in(request.ingest ? settings.timeouts.ingestMs : settings.timeouts.operationMs),
      stored: isStored,
      ingest: request.ingest ?? false,
      readOnly: request.readOnly ?? false,
      position: null,
      signal: request.signal,
      logger: this.options.logger,
      degraded: new Map(),
    };
    const enveloped = engine.enveloped({ tributary: context });
    const document = this.documents.find(query) ?? this.readDocument(query, isStored, enveloped);
    const operation = chosenOperation(document, operationName);
    const schema = enveloped.schema as GraphQLSchema;
    const cost = checkCost({ schema, document, operation, variables }, recordedCost ?? settings.limits.cost);
    return { enveloped, text: query, document, operation, operationName, variables, context, cost };
  }

  private readDocument(
    text: string,
    isStored: boolean,
    { schema, validate }: PreparedOperation['enveloped'],
  ): DocumentNode {
    // The engine's own parse would keep every text in its cache, and every error with the text behind it.
    const document = withoutStacks(() => this.documents.parse(text, isStored));
    const options = { maxErrors: mostErrors, hideSuggestions: !this.options.settings.suggestions };
    const errors = withoutStacks(() => validate(schema, document, undefined, options) as readonly GraphQLError[]);
    if (errors.length > 0) throw new AggregateError(withPlaces(document, errors));
    this.documents.keep(text, document);
    return document;
  }
}

/** Names the argument that an error is about, for formatError to tell. */
function withPlaces(document: DocumentNode, errors: readonly GraphQLError[]): readonly GraphQLError[] {
  for (const error of errors) {
    const field = error.nodes?.[0] && placeOfNode(document, error.nodes[0]);
    if (field) error.extensions['field'] = field;
  }
  return errors;
}
