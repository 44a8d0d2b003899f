import type { CommandClient } from '@tributary/commands';
import {
  deliveryPart,
  presentPrincipalCommand,
  webhookToDeliverCommand,
  type deliverableCommand,
  type DeliverableDocument,
  type deliverCommand,
  type DeliveredEvent,
  type DeliveryPage,
  type InputOf,
  type previewDeliveryCommand,
} from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import { systemPrincipal, type Principal } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';
import { getArgumentValues, getVariableValues, print } from 'graphql';
import { LRUCache } from 'lru-cache';
import { checkCost } from '../operations/checkCost.js';
import { checkVariables } from '../operations/checkInput.js';
import { Documents } from '../operations/Documents.js';
import { KnownDocument } from '../operations/KnownDocument.js';
import type { KnownOperation } from '../operations/KnownOperation.js';
import { mustBeStored } from '../operations/mustBeStored.js';
import { pagedDocument, type PagedDocument } from '../operations/pagedDocument.js';
import type { OperationContext } from '../result/OperationContext.js';
import { formatResult } from '../result/formatResult.js';
import type { FormattedError } from '../result/formatError.js';
import { sharedPrincipal, shareKey } from '../streams/shared/sharedOperation.js';
import type { OperationPreparerOptions } from './OperationPreparer.js';

export interface WebhookPagesOptions extends OperationPreparerOptions {
  readonly commands: CommandClient;
}

/** What one event may cost: 10 of them at least go into a page. */
const mostPerEvent = 1_000;
/** Documents whose page form is kept. */
const maxKept = 500;

/** What is kept of a document: the query for its pages, and how to read them. */
interface PageForm {
  readonly paged: PagedDocument;
  readonly known: KnownOperation;
}

/**
 * What webhooks are sent: pages of the events of a subscription document, as anybody of the owner's role and scopes would get them, with
 * the rights that the owner has now. Only the part that delivers may ask.
 */
export class WebhookPages {
  private readonly documents: Documents;
  private readonly forms = new LRUCache<string, PageForm>({ max: maxKept });
  /** Pages that are being made, by all that decides what is in them: webhooks that wait for the same share one. */
  private readonly underWay = new Map<string, Promise<DeliveryPage>>();

  constructor(private readonly options: WebhookPagesOptions) {
    this.documents = new Documents(options.settings.limits, options.graph);
  }

  /** Whether the caller may register a document, and what it is. See `deliverableCommand`. */
  deliverable(input: InputOf<typeof deliverableCommand>, context: RequestContext): Promise<DeliverableDocument> {
    const { stored, settings, engine, graph } = this.options;
    const { principal } = context;
    const params = {
      ...(input.document === null ? {} : { query: input.document }),
      ...(input.documentId === null ? {} : { documentId: input.documentId }),
    };
    const { query, stored: isStored } = stored.resolve(
      params,
      mustBeStored(principal, settings),
      principal.actor.kind === 'apiKey',
    );
    checkVariables(input.variables, settings.limits);
    const document = this.documents.read(query, isStored);
    const [invalid] = engine.validate(document.node, { maxErrors: 1, hideSuggestions: !settings.suggestions });
    if (invalid)
      throw new CodedError('INVALID_INPUT', `The document is not valid: ${invalid.message}`, { field: 'document' });
    const operation = document.operation(undefined);
    const { known } = this.formOf(query);
    const costPerEvent = checkCost(
      known,
      { ...input.variables, [this.formOf(query).paged.firstVariable]: 1 },
      mostPerEvent,
    );
    const root = operation.rootFields[0]!;
    const field = graph.schema.getSubscriptionType()!.getFields()[root.name.value]!;
    const { coerced, errors } = getVariableValues(
      graph.schema,
      (operation.definition.variableDefinitions ?? []).filter(({ variable }) => variable.name.value in input.variables),
      input.variables,
    );
    if (errors?.[0]) throw new CodedError('INVALID_INPUT', errors[0].message, { field: 'variables' });
    const { after: _after, ...given } = getArgumentValues(field, root, coerced);
    return Promise.resolve({ document: query, stream: root.name.value, arguments: given, costPerEvent });
  }

  /** See `deliverCommand`. Throws what a page is refused with as a whole. */
  async deliver(input: InputOf<typeof deliverCommand>, context: RequestContext): Promise<DeliveryPage> {
    const { actor, workspaceId } = context.principal;
    if (actor.kind !== 'system' || actor.part !== deliveryPart)
      throw new CodedError(
        'INSUFFICIENT_PERMISSIONS',
        'Only the part that delivers may ask for what webhooks are sent.',
      );
    const { commands } = this.options;
    const webhook = await commands.call(webhookToDeliverCommand, { webhookId: input.webhookId }, context);
    if (!webhook) throw new CodedError('RESOURCE_NOT_FOUND', 'This workspace has no such webhook.');
    const asGateway = { ...context, principal: systemPrincipal(workspaceId, 'gateway') };
    const owner = await commands.call(presentPrincipalCommand, webhook.owner, asGateway);
    if (!owner) return { kind: 'ownerGone' };
    const principal = sharedPrincipal(owner);
    const { paged } = this.formOf(webhook.document);
    const variables = { ...webhook.variables, [paged.afterVariable]: input.after, [paged.firstVariable]: input.first };
    const key = shareKey(principal, webhook.document, undefined, variables);
    let page = this.underWay.get(key);
    if (!page) {
      page = this.read(webhook.document, variables, principal, context).finally(() => this.underWay.delete(key));
      this.underWay.set(key, page);
    }
    return page;
  }

  /** See `previewDeliveryCommand`. */
  async preview(
    input: InputOf<typeof previewDeliveryCommand>,
    context: RequestContext,
  ): Promise<Extract<DeliveryPage, { readonly kind: 'page' }>> {
    const { document } = await this.deliverable(input, context);
    const { paged } = this.formOf(document);
    const variables = { ...input.variables, [paged.afterVariable]: input.after, [paged.firstVariable]: input.first };
    const page = await this.read(document, variables, sharedPrincipal(context.principal), context);
    if (page.kind === 'page') return page;
    throw new CodedError(
      'INSUFFICIENT_PERMISSIONS',
      'You may not see these events, so no webhook of yours would be sent any.',
    );
  }

  private async read(
    text: string,
    variables: Readonly<Record<string, unknown>>,
    principal: Principal,
    { requestId, deadline }: RequestContext,
  ): Promise<DeliveryPage> {
    const { engine, logger } = this.options;
    const { paged, known } = this.formOf(text);
    const context: OperationContext = {
      principal,
      refusal: null,
      requestId,
      deadline,
      position: null,
      signal: AbortSignal.timeout(Math.ceil(deadline.remaining())),
      logger,
      degraded: new Map(),
    };
    const result = await engine.execute({
      document: paged.document,
      operationName: undefined,
      variables,
      context,
      known,
    });
    const { data, errors = [] } = formatResult(result, context);
    const page = paged.read(data as Record<string, unknown> | null);
    if (!page) return refusedPage(errors);
    const failed = new Map<number, FormattedError[]>();
    for (const error of errors) {
      const place = paged.placeOf(error.path);
      if (place) failed.set(place.index, [...(failed.get(place.index) ?? []), { ...error, path: place.path }]);
    }
    const events = page.events.map((event, index): DeliveredEvent => {
      const own = failed.get(index);
      return own ? { ...event, errors: own.map((error) => ({ ...error })) } : event;
    });
    return { kind: 'page', events, endCursor: page.endCursor, hasNextPage: page.hasNextPage };
  }

  private formOf(text: string): PageForm {
    let form = this.forms.get(text);
    if (!form) {
      const operation = this.documents.read(text, true).operation(undefined);
      const paged = pagedDocument(operation, this.options.graph.streams);
      const known = new KnownDocument(print(paged.document), paged.document, this.options.graph).operation(undefined);
      this.forms.set(text, (form = { paged, known }));
    }
    return form;
  }
}

/** A right that is lost is as good as an owner who is gone; all else may pass. */
function refusedPage([error]: readonly FormattedError[]): DeliveryPage {
  if (error?.extensions.code === 'INSUFFICIENT_PERMISSIONS') return { kind: 'ownerGone' };
  throw new CodedError(
    error?.extensions.code ?? 'SERVICE_UNAVAILABLE',
    error?.message ?? 'The events could not be read just now. Try again.',
    error?.extensions.details ?? {},
  );
}
