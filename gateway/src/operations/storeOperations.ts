import { createHash } from 'node:crypto';
import { ConfigError } from '@tributary/kernel';
import {
  buildASTSchema,
  getOperationAST,
  GraphQLError,
  Kind,
  parse,
  print,
  separateOperations,
  Source,
  validate,
  type DocumentNode,
} from 'graphql';
import { fragmentsOf } from './fragmentsOf.js';
import { readGraphFacts, type GraphFacts } from './GraphFacts.js';
import { operationCost } from './operationCost.js';

export interface OperationSource {
  /** Named in complaints. */
  readonly file: string;
  /** One or more named operations, with the fragments that they use. */
  readonly text: string;
}

/** One entry of a manifest. */
export interface StoredEntry {
  /** SHA-256 of the body, in hex: what clients send as `documentId` or `sha256Hash`. */
  readonly id: string;
  readonly name: string;
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly body: string;
  /** The most that it may cost, pages whose size is a variable taken as the largest. */
  readonly cost: number;
}

export interface OperationManifest {
  readonly format: 'apollo-persisted-query-manifest';
  readonly version: 1;
  readonly operations: readonly StoredEntry[];
}

/**
 * Makes the manifest of a partner's operations, each checked against the schema. Throws a ConfigError that names the file
 * and what is wrong with it, also when two operations have one name.
 */
export function storeOperations(supergraph: DocumentNode, sources: readonly OperationSource[]): OperationManifest {
  const schema = buildASTSchema(supergraph, { assumeValid: true, assumeValidSDL: true });
  const graph = readGraphFacts(supergraph, schema);
  const operations = sources.flatMap((source) => entriesOf(graph, source));
  const names = new Set<string>();
  for (const { name } of operations) {
    if (names.has(name)) throw new ConfigError(`Two operations are called ${name}. Give each a name of its own.`);
    names.add(name);
  }
  return { format: 'apollo-persisted-query-manifest', version: 1, operations };
}

function entriesOf(graph: GraphFacts, { file, text }: OperationSource): StoredEntry[] {
  try {
    const document = parse(new Source(text, file));
    const [error] = validate(graph.schema, document);
    if (error) throw error;
    if (document.definitions.some((each) => each.kind === Kind.OPERATION_DEFINITION && !each.name))
      throw new ConfigError(`${file}: give every operation a name.`);
    return Object.entries(separateOperations(document)).map(([name, alone]) => {
      const body = print(alone);
      const operation = getOperationAST(alone, name)!;
      return {
        id: createHash('sha256').update(body).digest('hex'),
        name,
        type: operation.operation,
        body,
        cost: operationCost({ graph, fragments: fragmentsOf(alone), operation, variables: null }).cost,
      };
    });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const at = error.locations?.[0];
    throw new ConfigError(`${file}${at ? `:${at.line}:${at.column}` : ''}: ${error.message}`);
  }
}
