import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isObjectType,
  Kind,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * What an operation selects below a field: for a resolver that reads ahead (what its children will ask for goes along with its own read), and
 * for one that reads no more columns than will be shown. Conditions on types are not looked at, so it may be more than is asked for, never less.
 */
export class Selection {
  private constructor(
    private readonly type: GraphQLObjectType | null,
    private readonly sets: readonly SelectionSetNode[],
    private readonly info: GraphQLResolveInfo,
  ) {}

  static of(info: GraphQLResolveInfo): Selection {
    return Selection.over(info.returnType, info.fieldNodes, info);
  }

  private static over(
    type: GraphQLOutputType | undefined,
    nodes: readonly FieldNode[],
    info: GraphQLResolveInfo,
  ): Selection {
    const named = getNamedType(type);
    const sets = nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
    return new Selection(isObjectType(named) ? named : null, sets, info);
  }

  /** Whether a field of this name is selected. */
  has(name: string): boolean {
    return this.nodes(name).length > 0;
  }

  /** Names of all fields that are selected, of whatever type they are. */
  names(): ReadonlySet<string> {
    const names = new Set<string>();
    for (const { selections } of this.sets) this.addNames(selections, names);
    return names;
  }

  /** What is selected below the fields of this name. */
  below(name: string): Selection {
    const field = this.type?.getFields()[name];
    return Selection.over(field?.type, this.nodes(name), this.info);
  }

  /** The arguments of each field of this name; those that are wrong are left to the field itself. */
  arguments(name: string): Record<string, unknown>[] {
    const field = this.type?.getFields()[name];
    if (!field) return [];
    return this.nodes(name).flatMap((node) => {
      try {
        return [getArgumentValues(field, node, this.info.variableValues)];
      } catch {
        return [];
      }
    });
  }

  private nodes(name: string): FieldNode[] {
    return this.sets.flatMap(({ selections }) => this.found(name, selections));
  }

  private found(name: string, selections: readonly SelectionNode[]): FieldNode[] {
    return selections.flatMap((node): FieldNode[] => {
      if (!this.isIncluded(node)) return [];
      if (node.kind === Kind.FIELD) return node.name.value === name ? [node] : [];
      const set = node.kind === Kind.INLINE_FRAGMENT ? node : this.info.fragments[node.name.value];
      return set ? this.found(name, set.selectionSet.selections) : [];
    });
  }

  private addNames(selections: readonly SelectionNode[], names: Set<string>): void {
    for (const node of selections) {
      if (!this.isIncluded(node)) continue;
      if (node.kind === Kind.FIELD) names.add(node.name.value);
      else {
        const set = node.kind === Kind.INLINE_FRAGMENT ? node : this.info.fragments[node.name.value];
        if (set) this.addNames(set.selectionSet.selections, names);
      }
    }
  }

  private isIncluded(node: SelectionNode): boolean {
    if (!node.directives || node.directives.length === 0) return true;
    const { variableValues } = this.info;
    return (
      getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.['if'] !== true &&
      getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.['if'] !== false
    );
  }
}
