import type { MutualTls } from '@tributary/commands';
import type { RequestContext } from '@tributary/kernel';
import type { DocumentNode, ExecutionResult } from 'graphql';

/** One fetch of a query plan. The document is the same object each time that its plan runs. */
export interface InProcessRequest {
  readonly document: DocumentNode;
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationName?: string | undefined;
  readonly context: RequestContext;
  /** Aborted when the caller has gone or the time is up. */
  readonly signal?: AbortSignal | undefined;
}

type SubgraphAnswer = ExecutionResult | AsyncIterable<ExecutionResult>;

/** A subgraph in this process: no socket, no JSON, no parsing of what was already parsed. */
export interface InProcessConnection {
  readonly kind: 'inProcess';
  execute(request: InProcessRequest): Promise<SubgraphAnswer> | SubgraphAnswer;
  /** Absent: always ready. */
  ready?(): Promise<boolean>;
}

/** A subgraph in another process. Queries go over HTTP, subscriptions over graphql-ws. */
export interface HttpConnection {
  readonly kind: 'http';
  /** Such as `http://flow:4001/graphql`. */
  readonly url: string;
  /** Such as `ws://flow:4001/graphql`. */
  readonly wsUrl: string;
  /** Absent or null: plain HTTP. */
  readonly tls?: MutualTls | null;
}

export type SubgraphConnection = InProcessConnection | HttpConnection;
