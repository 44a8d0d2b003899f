import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@theguild/federation-composition';
import { CodedError, type ErrorCode } from '@tributary/contracts/errors';
import { type RequestContext } from '@tributary/kernel';
import {
  execute,
  GraphQLError,
  parse,
  subscribe,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import type { GatewayOptions } from '../../src/index.js';
import { startTestGateway, type TestGateway } from './testGateway.js';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n';
const flowSdl = `${link}
  scalar Cursor
  type Query { flow(id: ID!): Flow }
  type Subscription {
    flowProgress(after: Cursor, flowId: ID!): FlowEvent!
    flowUpdates(after: Cursor, even: Boolean): FlowEvent!
    ticks: Int!
  }
  type FlowEvent { sequence: Float! cursor: Cursor! previousCursor: Cursor type: String! flow: Flow who: String pad: String }
  type Flow @key(fields: "id") { id: ID! name: String! }
`;
const assetSdl = `${link}
  type Query { asset(id: ID!): Asset }
  type Asset { id: ID! }
  type Flow @key(fields: "id") { id: ID! assets: [Asset!] }
`;

interface LogEvent {
  readonly sequence: number;
  readonly cursor: string;
  readonly previousCursor: string | null;
  readonly type: string;
}

interface Request {
  readonly document: DocumentNode;
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationName?: string | undefined;
  readonly context: RequestContext;
}

/** A subgraph whose one stream is a numbered log, and another that its events join; both can be made to fail. */
export class LogGraph {
  /** Highest number of the log. */
  head = 0;
  /** Lowest that can still be read. */
  oldest = 1;
  openStreams = 0;
  /** How often a stream was opened, by the cursor that it was opened behind. */
  readonly opened: (string | null)[] = [];
  readonly principals: unknown[] = [];
  joins = 0;
  /** What opening a stream, reading the flow of an event, or joining one answers; null: what was asked for. */
  refusal: ErrorCode | null = null;
  flowRefusal: ErrorCode | null = null;
  joinRefusal: ErrorCode | null = null;
  private readonly waiting = new Set<() => void>();
  private readonly streams = new Set<LogStream>();
  readonly schemas: Readonly<Record<'flow' | 'asset', GraphQLSchema>>;

  constructor() {
    this.schemas = { flow: this.flowSchema(), asset: this.assetSchema() };
  }

  static readonly cursor = (sequence: number): string => `c${sequence}`;

  get supergraphSdl(): string {
    const composed = composeServices([
      { name: 'flow', url: 'http://flow.test/graphql', typeDefs: parse(flowSdl) },
      { name: 'asset', url: 'http://asset.test/graphql', typeDefs: parse(assetSdl) },
    ]);
    if (!composed.supergraphSdl) throw new Error(String(composed.errors));
    return composed.supergraphSdl;
  }

  append(count = 1): void {
    this.head += count;
    for (const wake of [...this.waiting]) wake();
  }

  /** Ends every open stream: by an error, by its end, or by an event that could not be made. */
  cut(how: 'throws' | 'ends' | 'breaks' = 'throws'): void {
    for (const stream of [...this.streams]) stream.cut(how);
  }

  async execute(
    subgraph: 'flow' | 'asset',
    request: Request,
  ): Promise<ExecutionResult | AsyncIterable<ExecutionResult>> {
    const isSubscription = request.document.definitions.some(
      (definition) => 'operation' in definition && String(definition.operation) === 'subscription',
    );
    if (subgraph === 'asset') this.joins += 1;
    return (isSubscription ? subscribe : execute)({
      schema: this.schemas[subgraph],
      document: request.document,
      variableValues: request.variables,
      operationName: request.operationName,
      contextValue: request.context,
    });
  }

  waitBehind(sequence: number, wake: () => void): () => void {
    if (this.head > sequence) wake();
    this.waiting.add(wake);
    return () => this.waiting.delete(wake);
  }

  private open(
    after: string | null | undefined,
    accepts: (sequence: number) => boolean,
    context: RequestContext,
  ): AsyncIterable<unknown> {
    if (this.refusal) throw new CodedError(this.refusal, `Refused with ${this.refusal}.`);
    if (after && !/^c\d+$/.test(after)) throw new CodedError('INVALID_INPUT', 'This is no cursor.');
    this.opened.push(after ?? null);
    this.principals.push(context.principal);
    const stream: LogStream = new LogStream(this, after ?? null, accepts, () => {
      this.streams.delete(stream);
      this.openStreams -= 1;
    });
    this.streams.add(stream);
    this.openStreams += 1;
    return stream;
  }

  private flowSchema(): GraphQLSchema {
    const everything = () => true;
    const event = (source: LogEvent) => source;
    return buildSubgraphSchema([
      {
        typeDefs: parse(flowSdl),
        resolvers: {
          Query: { flow: (_root: unknown, { id }: { id: string }) => ({ id }) },
          Subscription: {
            flowProgress: {
              subscribe: (
                _root: unknown,
                { after, flowId }: { after?: string; flowId: string },
                context: RequestContext,
              ) => {
                if (flowId === 'none') throw new CodedError('RESOURCE_NOT_FOUND', 'There is no such flow.');
                return this.open(after, everything, context);
              },
              resolve: event,
            },
            flowUpdates: {
              subscribe: (
                _root: unknown,
                { after, even }: { after?: string; even?: boolean },
                context: RequestContext,
              ) => this.open(after, even ? (sequence) => sequence % 2 === 0 : everything, context),
              resolve: event,
            },
          },
          FlowEvent: {
            flow: () => {
              if (this.flowRefusal) throw new CodedError(this.flowRefusal, 'No flow just now.');
              return { id: '1' };
            },
            pad: () => 'x'.repeat(20_000),
            who: (_event: unknown, _args: unknown, context: RequestContext) => JSON.stringify(context.principal.actor),
          },
          Flow: { name: () => 'one', __resolveReference: ({ id }: { id: string }) => ({ id }) },
        },
      },
    ] as never);
  }

  private assetSchema(): GraphQLSchema {
    return buildSubgraphSchema([
      {
        typeDefs: parse(assetSdl),
        resolvers: {
          Flow: {
            __resolveReference: ({ id }: { id: string }) => ({ id }),
            assets: ({ id }: { id: string }) => {
              if (this.joinRefusal) throw new CodedError(this.joinRefusal, 'No assets just now.');
              return [{ id: `a${id}` }];
            },
          },
        },
      },
    ] as never);
  }
}

/** A reader of the log as the product's are: a snapshot without a cursor, a reset for one that is gone, then event by event. */
class LogStream implements AsyncIterableIterator<unknown> {
  private read: number | null;
  private cursor: string | null;
  private end: 'throws' | 'ends' | 'breaks' | null = null;
  private wake: (() => void) | null = null;

  constructor(
    private readonly graph: LogGraph,
    after: string | null,
    private readonly accepts: (sequence: number) => boolean,
    private readonly left: () => void,
  ) {
    const sequence = after === null ? null : Number(after.slice(1));
    this.read = sequence !== null && sequence + 1 >= graph.oldest && sequence <= graph.head ? sequence : null;
    this.cursor = after;
  }

  cut(how: 'throws' | 'ends' | 'breaks'): void {
    this.end ??= how;
    this.wake?.();
  }

  async next(): Promise<IteratorResult<unknown>> {
    await Promise.resolve();
    for (;;) {
      if (this.end) return this.finish();
      if (this.read === null) {
        const type = this.cursor === null ? 'stream.snapshot' : 'stream.reset';
        this.read = this.graph.head;
        return this.event(this.read, null, type);
      }
      while (this.read < this.graph.head) {
        this.read += 1;
        if (this.accepts(this.read)) return this.event(this.read, this.cursor, 'progress');
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        const forget = this.graph.waitBehind(this.read!, resolve);
        void Promise.resolve().then(() => this.end && resolve());
        this.forget = forget;
      });
      this.forget?.();
    }
  }

  private forget: (() => void) | null = null;

  async return(): Promise<IteratorResult<unknown>> {
    this.cut('ends');
    this.finish(false);
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private event(sequence: number, previousCursor: string | null, type: string): IteratorResult<unknown> {
    const event: LogEvent = { sequence, cursor: LogGraph.cursor(sequence), previousCursor, type };
    this.cursor = event.cursor;
    return { value: event, done: false };
  }

  private finished = false;
  private finish(mayThrow = true): IteratorResult<unknown> {
    if (this.finished) return { value: undefined, done: true };
    this.finished = true;
    this.left();
    if (mayThrow && this.end === 'throws') throw new CodedError('SERVICE_UNAVAILABLE', 'The subgraph was lost.');
    // An event whose own required fields are missing.
    if (mayThrow && this.end === 'breaks')
      return {
        value: new GraphQLError('The database is away.', { extensions: { code: 'DATABASE_ERROR' } }),
        done: false,
      };
    return { value: undefined, done: true };
  }
}

export interface LogGateway extends TestGateway {
  readonly log: LogGraph;
}

export async function startLogGateway(options: Partial<GatewayOptions> = {}): Promise<LogGateway> {
  const log = new LogGraph();
  const gateway = await startTestGateway({
    supergraphSdl: log.supergraphSdl,
    subgraphs: {
      flow: { kind: 'inProcess', execute: (request) => log.execute('flow', request) },
      asset: { kind: 'inProcess', execute: (request) => log.execute('asset', request) },
    },
    ...options,
  });
  return Object.assign(gateway, { log });
}
