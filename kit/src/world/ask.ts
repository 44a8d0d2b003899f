import { parse, validate, type DocumentNode, type ExecutionResult } from 'graphql';
import type { Principal } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';
import type { Subgraph } from '@tributary/server';
import { requestOf } from './people.js';

type Asked = { readonly subgraph: Subgraph };
type Variables = Record<string, unknown>;

/** Runs an operation as the gateway would and answers its result. Throws when it does not fit the schema. */
export async function ask(
  { subgraph }: Asked,
  principal: Principal,
  source: string,
  variables: Variables = {},
  context: RequestContext = requestOf(principal),
  // Results are looked into freely.
): Promise<ExecutionResult<any>> {
  const result = await subgraph.execute({ document: await checked(subgraph, source), variables, context });
  return JSON.parse(JSON.stringify(result)) as ExecutionResult;
}

/** The data of an operation that must not fail. */
export async function tell(
  world: Asked,
  principal: Principal,
  source: string,
  variables: Variables = {},
): Promise<any> {
  const { data, errors } = await ask(world, principal, source, variables);
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** The results of a subscription; `return` ends it. */
export async function watch(
  { subgraph }: Asked,
  principal: Principal,
  source: string,
  variables: Variables = {},
): Promise<AsyncIterator<ExecutionResult<any>>> {
  const document = await checked(subgraph, source);
  const answer = await subgraph.execute({ document, variables, context: requestOf(principal) });
  if (!(Symbol.asyncIterator in answer)) throw new Error(JSON.stringify(answer));
  return answer[Symbol.asyncIterator]();
}

export function codesOf(result: ExecutionResult): unknown[] {
  return (result.errors ?? []).map((error) => error.extensions?.['code']);
}

async function checked(subgraph: Subgraph, source: string): Promise<DocumentNode> {
  const document = parse(source);
  const [fault] = validate((await subgraph.load()).schema, document);
  if (fault) throw fault;
  return document;
}
