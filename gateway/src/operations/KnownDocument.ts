import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { chosenOperation } from './chosenOperation.js';
import { fragmentsOf } from './fragmentsOf.js';
import type { GraphFacts } from './GraphFacts.js';
import { KnownOperation } from './KnownOperation.js';

/** A document that was read, and what is known of its operations. */
export class KnownDocument {
  private readonly operations = new Map<OperationDefinitionNode, KnownOperation>();

  constructor(
    readonly text: string,
    readonly node: DocumentNode,
    private readonly graph: GraphFacts,
  ) {}

  /** The operation of this name. Throws INVALID_INPUT when there is none, or it is not said which. */
  operation(name: string | undefined): KnownOperation {
    const definition = chosenOperation(this.node, name);
    let known = this.operations.get(definition);
    if (!known) {
      known = new KnownOperation(this.node, definition, fragmentsOf(this.node), this.graph);
      this.operations.set(definition, known);
    }
    return known;
  }
}
