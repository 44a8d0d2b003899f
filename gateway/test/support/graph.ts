import { setTimeout as delay } from 'node:timers/promises';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@theguild/federation-composition';
import { CodedError } from '@tributary/contracts/errors';
import { type RequestContext } from '@tributary/kernel';
import { execute, parse, subscribe, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';

const link = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective", "@cost", "@listSize"])
  @link(url: "https://specs.tributary.example/graph/v1.0", import: ["@ingest", "@maxItems"])
  @composeDirective(name: "@ingest")
  @composeDirective(name: "@maxItems")
directive @ingest on FIELD_DEFINITION
directive @maxItems(count: Int!) on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION
`;

/** In the messages of errors that no client may see. */
export const canary = 'canary-9f3 at /etc/passwd: select * from account';

/** What libraries throw, by the library's kind. */
function faultOf(how: string): Error {
  const fault = new Error(canary);
  if (how === 'database')
    return Object.assign(fault, { name: 'QueryFailedError', query: canary, detail: canary, code: '23505' });
  if (how === 'coded') return new CodedError('DATABASE_ERROR', 'The database did not answer.', {}, { cause: fault });
  if (how === 'extended') return Object.assign(fault, { extensions: { stacktrace: [canary], sql: canary } });
  return fault;
}

const flowSdl = `${link}
  type Query {
    flow(id: ID!): Flow
    flows: [Flow!]
    whoAmI: String
    slow(ms: Int!): String
    crash(how: String): String
    flowWith(fault: String!): Flow
    refuse: String
    longName(input: NameInput!): String
    page(first: Int! = 50): [Flow!] @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
    sum(of: [Int!]!): Int
  }
  input NameInput { name: String! size: Int }
  input StoreInput { rows: [RowInput!] @maxItems(count: 1000) tags: [String!] }
  input RowInput { name: String cells: [Int!] @maxItems(count: 2) }
  type Mutation { rename(id: ID!, name: String!): Flow ingestTraces(count: Int!): Int @ingest store(input: StoreInput!, ids: [ID!] @maxItems(count: 3)): Int }
  type Subscription { ticks(count: Int!, everyMs: Int): Tick! quiet: Tick! broken: Tick! crashing: Tick! }
  type Tick { sequence: Int! flow: Flow }
  type Flow @key(fields: "id") { id: ID! name: String! secret: String parent: Flow }
`;

const assetSdl = `${link}
  type Query { asset(id: ID!): Asset }
  type Asset @key(fields: "id") { id: ID! title: String! flow: Flow }
  type Flow @key(fields: "id") { id: ID! assets: [Asset!] }
`;

interface Call {
  readonly subgraph: string;
  readonly context: RequestContext;
  readonly document: DocumentNode;
}

/** Two subgraphs that remember what they were asked, and how many of their streams are open. */
export class TestGraph {
  readonly calls: Call[] = [];
  openStreams = 0;
  readonly schemas: Readonly<Record<'flow' | 'asset', GraphQLSchema>>;

  constructor() {
    this.schemas = { flow: this.flowSchema(), asset: this.assetSchema() };
  }

  get supergraphSdl(): string {
    const composed = composeServices([
      { name: 'flow', url: 'http://flow.test/graphql', typeDefs: parse(flowSdl) },
      { name: 'asset', url: 'http://asset.test/graphql', typeDefs: parse(assetSdl) },
    ]);
    if (!composed.supergraphSdl) throw new Error(String(composed.errors));
    return composed.supergraphSdl;
  }

  async execute(
    subgraph: 'flow' | 'asset',
    request: {
      document: DocumentNode;
      variables?: Record<string, unknown> | undefined;
      operationName?: string | undefined;
      context: RequestContext;
    },
  ): Promise<ExecutionResult | AsyncIterable<ExecutionResult>> {
    this.calls.push({ subgraph, context: request.context, document: request.document });
    const isSubscription = request.document.definitions.some(
      (definition) => 'operation' in definition && definition.operation === 'subscription',
    );
    return (isSubscription ? subscribe : execute)({
      schema: this.schemas[subgraph],
      document: request.document,
      variableValues: request.variables,
      operationName: request.operationName,
      contextValue: request.context,
    });
  }

  private flowSchema(): GraphQLSchema {
    const flowOf = (id: string) => ({
      __typename: 'Flow',
      id,
      name: `flow ${id}`,
      parent: () => flowOf(id),
      secret: () => {
        throw new CodedError('INSUFFICIENT_PERMISSIONS', 'Ask an owner.', { action: 'flow.secret' });
      },
    });
    return buildSubgraphSchema([
      {
        typeDefs: parse(flowSdl),
        resolvers: {
          Query: {
            flow: (_root: unknown, { id }: { id: string }) => flowOf(id),
            page: () => [],
            sum: (_root: unknown, { of }: { of: number[] }) => of.reduce((left, right) => left + right, 0),
            flows: () => [flowOf('1'), flowOf('2')],
            whoAmI: (_root: unknown, _args: unknown, context: RequestContext) => JSON.stringify(context.principal),
            slow: async (_root: unknown, { ms }: { ms: number }) => {
              // Most tests have their answer long before that, and nothing of theirs should wait for it at its end.
              await delay(ms, undefined, { ref: false });
              return 'done';
            },
            crash: (_root: unknown, { how = 'plain' }: { how?: string }) => {
              throw faultOf(how);
            },
            // Its name is no text, which is found when the answer is written.
            flowWith: () => ({ ...flowOf('1'), name: { toString: undefined, [canary]: canary } }),
            refuse: () => {
              throw new CodedError('RESOURCE_CONFLICT', 'It has changed meanwhile.', { reason: 'version' });
            },
            longName: (_root: unknown, { input }: { input: { name: string } }) => input.name,
          },
          Mutation: {
            rename: (_root: unknown, { id, name }: { id: string; name: string }) => ({ ...flowOf(id), name }),
            store: (_root: unknown, { input }: { input: { rows?: unknown[] } }) => input.rows?.length ?? 0,
            ingestTraces: (_root: unknown, { count }: { count: number }) => count,
          },
          Subscription: {
            ticks: { subscribe: (_root: unknown, args: { count: number; everyMs?: number }) => this.ticks(args) },
            quiet: { subscribe: () => this.quiet() },
            broken: { subscribe: () => this.broken() },
            crashing: { subscribe: () => this.crashing() },
          },
          // Flow "gone" was deleted, and others still name it.
          Flow: { __resolveReference: ({ id }: { id: string }) => (id === 'gone' ? null : flowOf(id)) },
        },
      },
    ] as never);
  }

  private assetSchema(): GraphQLSchema {
    return buildSubgraphSchema([
      {
        typeDefs: parse(assetSdl),
        resolvers: {
          Query: { asset: (_root: unknown, { id }: { id: string }) => ({ id, title: `asset ${id}` }) },
          Asset: { flow: ({ id }: { id: string }) => ({ id }) },
          Flow: {
            __resolveReference: ({ id }: { id: string }) => ({ id }),
            assets: ({ id }: { id: string }) => {
              if (id === '2')
                throw new CodedError('DATABASE_ERROR', 'The assets of this flow are locked.', { retry: true });
              return [{ id: `a${id}`, title: `asset of ${id}` }];
            },
          },
        },
      },
    ] as never);
  }

  private async *ticks({ count, everyMs }: { count: number; everyMs?: number }) {
    this.openStreams += 1;
    try {
      for (let sequence = 1; sequence <= count; sequence += 1) {
        if (everyMs !== undefined) await delay(everyMs);
        yield { ticks: { sequence, flow: { __typename: 'Flow', id: String(sequence), name: `flow ${sequence}` } } };
      }
    } finally {
      this.openStreams -= 1;
    }
  }

  private async *crashing() {
    yield { crashing: { sequence: 1 } };
    await delay(5);
    throw faultOf('plain');
  }

  /** Breaks after its first event. */
  private async *broken() {
    yield { broken: { sequence: 1 } };
    await delay(5);
    throw new CodedError('DATABASE_ERROR', 'The log could not be read.');
  }

  /** Says nothing until its reader goes. */
  private quiet(): AsyncIterableIterator<unknown> {
    this.openStreams += 1;
    let end: (() => void) | null = null;
    const ended = new Promise<void>((resolve) => (end = resolve));
    return {
      next: async () => {
        await ended;
        return { value: undefined, done: true };
      },
      return: async () => {
        if (end) this.openStreams -= 1;
        end?.();
        end = null;
        return { value: undefined, done: true };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
