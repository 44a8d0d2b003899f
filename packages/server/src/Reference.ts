import type { GraphQLResolveInfo } from 'graphql';
import type { ClassType } from 'type-graphql';
import type { Action } from '@tributary/contracts/actions';
import type { ReferenceResolver } from './buildFederatedSchema.js';
import type { GraphqlContext } from './GraphqlContext.js';
import { requireAction } from './requireAction.js';

/** An entity of this subgraph. `_entities` has no field of ours that could name the action, so the reference does. */
export interface OwnReference<Services> {
  readonly action: Action;
  /** Whom it is shown to without the action: people themselves. Default: nobody. */
  readonly alsoTo?: (context: GraphqlContext, id: string) => boolean;
  /** By the public id. Null when it is not in the caller's workspace. `info` says what is asked of it. */
  readonly load: (services: Services, context: GraphqlContext, id: string, info: GraphQLResolveInfo) => unknown;
}

/** An entity of another subgraph, to which this one adds fields: it loads nothing, and each of the fields names its own action. */
export interface JoinedReference {
  readonly joins: ClassType<{ id: string }>;
}

export type Reference<Services> = OwnReference<Services> | JoinedReference;

/** Resolves an entity by its public id, for `_entities` and for `node(id)` alike. Throws INSUFFICIENT_PERMISSIONS. */
export function loadReference<Services>(
  reference: OwnReference<Services>,
  services: Services,
  context: GraphqlContext,
  id: string,
  info: GraphQLResolveInfo,
): unknown {
  if (!reference.alsoTo?.(context, id)) requireAction(context, reference.action);
  return reference.load(services, context, id, info);
}

/** What `_entities` calls for it. */
export function referenceResolver<Services>(reference: Reference<Services>, services: Services): ReferenceResolver {
  if ('joins' in reference) {
    const Stub = reference.joins;
    return ({ id }) => Object.assign(new Stub(), { id });
  }
  return async ({ id }, context, info) => loadReference(reference, services, context, id, info);
}
