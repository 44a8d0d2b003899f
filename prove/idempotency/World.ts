import type pg from 'pg';

/** A system with a person of one workspace in front, and its database behind. */
export interface World {
  /** As an owner of the workspace. */
  send(query: string, variables: Record<string, unknown>): Promise<WorldAnswer>;
  /** Accepts an invitation by its token. */
  accept(token: string): Promise<void>;
  /** Past all locks, and not through the proxy that cuts. */
  readonly admin: pg.Client;
  /** Bare uuid. */
  readonly workspaceId: string;
  /** Whether phases of discoveries run. */
  readonly hasWorker: boolean;
}

export interface WorldAnswer {
  readonly data?: any;
  readonly errors?:
    readonly { readonly message: string; readonly extensions?: { readonly code?: unknown } }[] | undefined;
}

/** The data of an operation that must not fail. */
export async function ask(world: World, query: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors } = await world.send(query, variables);
  if (errors) throw new Error(`${JSON.stringify(errors)} in answer to ${query}`);
  return data;
}
