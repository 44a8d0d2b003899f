import type { RequestContext } from '@tributary/kernel';

/** The context of every resolver. Loaders hang on it by identity, so it lives for one subgraph request. */
export type GraphqlContext = RequestContext;
