import type { SubgraphName } from '@tributary/contracts/subgraphs';
import type { Subgraph, SubgraphDeps } from './Subgraph.js';

/** What a subgraph package offers to whoever composes a process. */
export interface SubgraphModule {
  readonly name: SubgraphName;
  /** Its table entities, for the process's Database. */
  readonly entities: readonly Function[];
  create(deps: SubgraphDeps): Promise<Subgraph>;
}
