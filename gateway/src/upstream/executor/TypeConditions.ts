import { isAbstractType, isObjectType, type GraphQLSchema } from 'graphql';

/** Tells whether an object of one type is meant by a condition on others. */
export class TypeConditions {
  private readonly known = new Map<string, ReadonlySet<string>>();

  constructor(private readonly schema: GraphQLSchema) {}

  /** Names of all types that a condition on any of these means, themselves included. */
  meantBy(names: readonly string[]): ReadonlySet<string> {
    const key = names.join(' ');
    let meant = this.known.get(key);
    if (!meant) this.known.set(key, (meant = this.find(names)));
    return meant;
  }

  private find(names: readonly string[]): ReadonlySet<string> {
    const meant = new Set(names);
    for (const name of names) {
      const type = this.schema.getType(name);
      if (!isAbstractType(type)) continue;
      for (const possible of this.schema.getPossibleTypes(type)) if (isObjectType(possible)) meant.add(possible.name);
    }
    return meant;
  }
}
