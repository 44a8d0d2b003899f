import { readFileSync } from 'node:fs';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import {
  buildSchema,
  execute,
  getOperationAST,
  parse,
  subscribe,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import type { SubgraphConnection } from '../../../src/index.js';
import { mirrorResolver, mirrorTypeResolver, type MirrorOptions } from './mirrorValues.js';

const schemaFile = (name: string): string =>
  readFileSync(new URL(`../../../../schema/${name}.graphql`, import.meta.url), 'utf8');

/** How many events each subscription has. */
export const mirrorEvents = 2;

/** The product's whole graph over values that follow from where they stand: its subgraphs, and one schema that judges them. */
export class MirrorGraph {
  readonly supergraphSdl = schemaFile('supergraph');
  readonly api: GraphQLSchema = buildSchema(schemaFile('api'));
  readonly entities: ReadonlySet<string>;
  /** By entity, the fields of its keys. */
  readonly keyFields = new Map<string, ReadonlySet<string>>();
  readonly subgraphs: Readonly<Record<string, SubgraphConnection>>;
  private readonly resolver: GraphQLFieldResolver<unknown, unknown>;

  constructor(options: Omit<MirrorOptions, 'entities'> = {}) {
    for (const [, type, fields] of this.supergraphSdl.matchAll(
      /^type (\w+).*?@join__type\(graph: \w+, key: "([^"]+)"/gm,
    ))
      this.keyFields.set(type!, new Set(fields!.match(/\w+/g)));
    this.entities = new Set(this.keyFields.keys());
    this.resolver = mirrorResolver({ ...options, entities: this.entities });
    this.subgraphs = Object.fromEntries(
      subgraphNames.map((name) => {
        const schema = buildSchema(schemaFile(`subgraphs/${name}`));
        return [name, { kind: 'inProcess', execute: (request) => this.run(schema, request) }];
      }),
    );
  }

  /** What the operation must answer: one answer, or all events of a subscription. */
  async judged(text: string, variables: Record<string, unknown> = {}): Promise<ExecutionResult[]> {
    const answer = await this.run(this.api, { document: parse(text), variables });
    if (!(Symbol.asyncIterator in answer)) return [answer];
    const events: ExecutionResult[] = [];
    for await (const event of answer) {
      events.push(event);
      if (events.length === mirrorEvents) break;
    }
    return events;
  }

  private run(
    schema: GraphQLSchema,
    asked: {
      document: DocumentNode;
      variables?: Record<string, unknown> | undefined;
      operationName?: string | undefined;
    },
  ): Promise<ExecutionResult | AsyncIterable<ExecutionResult>> {
    const isSubscription = getOperationAST(asked.document, asked.operationName)?.operation === 'subscription';
    const args = {
      schema,
      document: asked.document,
      variableValues: asked.variables,
      operationName: asked.operationName,
      fieldResolver: this.resolver,
      typeResolver: mirrorTypeResolver,
      subscribeFieldResolver: mirrorStream,
    };
    return Promise.resolve(isSubscription ? subscribe(args) : execute(args));
  }
}

/** Numbered events, and then silence until the reader goes. */
const mirrorStream: GraphQLFieldResolver<unknown, unknown> = (_source, _args, _context, { fieldName }) => {
  let sequence = 0;
  let end: () => void = () => undefined;
  const ended = new Promise<IteratorResult<unknown>>((resolve) => {
    end = () => resolve({ value: undefined, done: true });
  });
  return {
    next: async () => {
      sequence += 1;
      if (sequence > mirrorEvents) return ended;
      const previousCursor = sequence === 1 ? null : `cursor-${sequence - 1}`;
      const event = { seed: `${fieldName} ${sequence}`, sequence, cursor: `cursor-${sequence}`, previousCursor };
      return { value: { [fieldName]: event }, done: false };
    },
    return: async () => {
      end();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};
