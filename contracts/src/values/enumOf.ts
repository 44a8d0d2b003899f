/** An object with a member for each value, as GraphQL schema builders want an enum. */
export function enumOf<const Value extends string>(values: readonly Value[]): { readonly [Name in Value]: Name } {
  return Object.fromEntries(values.map((value) => [value, value])) as { readonly [Name in Value]: Name };
}
