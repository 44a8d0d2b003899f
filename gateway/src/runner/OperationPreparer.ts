import { Deadline } from '@tributary/kernel';
import type { Logger } from '@tributary/observability';
import type { Engine } from '../upstream/Engine.js';
import type { PreparedOperation } from '../upstream/PreparedOperation.js';
import type { OperationContext } from '../result/OperationContext.js';
import type { GatewaySettings } from '../settings.js';
import { checkCost } from '../operations/checkCost.js';
import { checkVariables } from '../operations/checkInput.js';
import { checkListLengths } from '../operations/checkListLengths.js';
import { Documents } from '../operations/Documents.js';
import type { GraphFacts } from '../operations/GraphFacts.js';
import { readValidDocument } from '../operations/readValidDocument.js';
import { mustBeStored } from '../operations/mustBeStored.js';
import type { OperationParams } from '../operations/operationParams.js';
import type { OperationRequest } from '../operations/OperationRequest.js';
import { checkRules } from '../operations/rules/checkRules.js';
import type { StoredOperations } from '../operations/StoredOperations.js';
import type { UsedOperations } from '../operations/UsedOperations.js';
import { FairQueue } from './FairQueue.js';

export interface OperationPreparerOptions {
  readonly engine: Engine;
  readonly graph: GraphFacts;
  readonly stored: StoredOperations;
  readonly used?: UsedOperations | null;
  readonly settings: GatewaySettings;
  readonly logger: Logger;
}

/** Finds the document of an operation, parses, checks and validates it, and counts its cost. */
export class OperationPreparer {
  private readonly documents: Documents;
  private readonly newDocuments = new FairQueue();

  constructor(private readonly options: OperationPreparerOptions) {
    this.documents = new Documents(options.settings.limits, options.graph);
  }

  /** What somebody sends for the first time costs milliseconds, and a thousand of these must leave room for everybody else. */
  async turnFor({ query }: OperationParams): Promise<void> {
    const isNew = (): boolean => query !== undefined && !this.documents.find(query);
    if (isNew()) await this.newDocuments.take(isNew);
  }

  /** Throws what is wrong with the operation: a CodedError, or the AggregateError of a document that is not valid. */
  prepare(request: OperationRequest): PreparedOperation {
    const { graph, stored, settings } = this.options;
    const { variables = {}, operationName } = request.params;
    const { identity, refusal } = request.caller;
    const storedOnly = mustBeStored(identity?.principal ?? null, settings);
    const {
      query,
      stored: isStored,
      storedId,
      recordedCost,
    } = stored.resolve(request.params, storedOnly, identity?.principal.actor.kind === 'apiKey');
    checkVariables(variables, settings.limits);
    const context: OperationContext = {
      principal: identity?.principal ?? null,
      refusal,
      requestId: request.requestId,
      deadline: Deadline.in(request.ingest ? settings.timeouts.ingestMs : settings.timeouts.operationMs),
      position: null,
      signal: request.signal,
      logger: this.options.logger,
      degraded: new Map(),
    };
    const document = readValidDocument(query, isStored, {
      documents: this.documents,
      settings,
      validate: (node, limits) => this.options.engine.validate(node, limits),
    });
    const known = document.operation(operationName);
    checkListLengths(known, variables, settings.limits, graph);
    const cost = checkCost(known, variables, recordedCost ?? settings.limits.cost);
    const { ingest = false, readOnly = false } = request;
    checkRules(known, { ingest, readOnly, introspection: settings.introspection }, graph);
    if (storedId !== null && identity) this.options.used?.note(identity.principal.workspaceId, storedId);
    const { document: node, definition: operation } = known;
    return { text: query, known, document: node, operation, operationName, variables, context, cost };
  }
}
