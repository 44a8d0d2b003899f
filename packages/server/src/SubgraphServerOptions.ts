import type { ContextVerifier } from '@tributary/auth';
import type { MutualTls } from '@tributary/commands';
import type { Logger } from '@tributary/observability';
import type { Subgraph } from './Subgraph.js';

/** What a subgraph is served with. */
export interface SubgraphServerOptions {
  readonly subgraph: Subgraph;
  readonly verifier: ContextVerifier;
  readonly logger: Logger;
  /** With it, only clients with a certificate of the same authority are served; health and figures stay open to all. Default null. */
  readonly tls?: MutualTls | null;
  readonly host: string;
  readonly port: number;
  /** The longest that a GraphQL request may take here, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** The same for internal commands; streams may take longer than that and follow the caller's deadline. */
  readonly commandTimeoutMs: number;
  readonly isReady: () => Promise<boolean>;
  /** Parts of what it needs that are away, without which some of its answers fail. Default: none. */
  readonly missingParts?: () => Promise<readonly string[]>;
}
