/** An operation of the manifest: its id goes to the gateway, and its text stays there. */
export interface Operation<Data, Variables> {
  readonly name: string;
  readonly id: string;
  readonly __apiType?: (variables: Variables) => Data;
  /** For the client of subscriptions, which looks for the id here. */
  readonly __meta__: { readonly hash: string };
  toString(): string;
}

export function operation<Data, Variables>(name: string, id: string): Operation<Data, Variables> {
  return { name, id, __meta__: { hash: id }, toString: () => '' };
}
