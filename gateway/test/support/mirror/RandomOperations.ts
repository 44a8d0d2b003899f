import { Random } from '@tributary/kit';
import {
  getNamedType,
  isAbstractType,
  isObjectType,
  parse,
  validate,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { isComposite } from './entityPlaces.js';
import { requiredArguments } from './literals.js';

export interface RandomOperation {
  readonly text: string;
  readonly variables: { readonly a: boolean; readonly b: boolean };
}

const aliases = ['id', 'name', '__typename', 'nodes', 'status', 'x', 'y'];
const conditions = ['@skip(if: $a)', '@include(if: $a)', '@include(if: $b)', '@skip(if: true)', '@include(if: false)'];
const deepest = 6;

/** Valid operations over a schema, from a seed: aliases, fragments, arguments, conditions, fields written twice. */
export class RandomOperations {
  private readonly random: Random;
  private fragments: string[] = [];
  private names = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    seed: number,
  ) {
    this.random = new Random(seed);
  }

  next(kind: 'query' | 'mutation'): RandomOperation {
    for (;;) {
      this.fragments = [];
      const root = kind === 'query' ? this.schema.getQueryType() : this.schema.getMutationType();
      const selection = this.selectionOf(root!, 1, kind === 'mutation' ? 2 : 3);
      const uses = `${selection} ${this.fragments.join(' ')}`;
      const declared = ['a', 'b'].filter((name) => uses.includes(`$${name}`)).map((name) => `$${name}: Boolean!`);
      const text = `${kind}${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${selection} ${this.fragments.join(' ')}`;
      const variables = { a: this.random.next() < 0.5, b: this.random.next() < 0.5 };
      // Two fields that do not go together under one name are drawn now and then.
      if (validate(this.schema, parse(text)).length === 0) return { text, variables };
    }
  }

  private selectionOf(type: GraphQLObjectType, depth: number, most = 5): string {
    const fields = Object.values(type.getFields());
    const chosen: string[] = [];
    const count = 1 + this.random.between(0, most - 1);
    for (let index = 0; index < count; index += 1) {
      const chance = this.random.next();
      if (chance < 0.08) chosen.push(`__typename${this.condition()}`);
      else if (chance < 0.16 && depth < deepest && depth > 1)
        chosen.push(`... on ${type.name}${this.condition()} ${this.selectionOf(type, depth + 1)}`);
      else if (chance < 0.22 && depth < deepest && depth > 1)
        chosen.push(`...${this.fragmentOn(type, depth)}${this.condition()}`);
      else chosen.push(this.field(this.random.pick(fields), depth));
    }
    return `{ ${chosen.join(' ')} }`;
  }

  private fragmentOn(type: GraphQLObjectType, depth: number): string {
    this.names += 1;
    const name = `F${this.names}`;
    const selection = this.selectionOf(type, depth + 1);
    this.fragments.push(`fragment ${name} on ${type.name} ${selection}`);
    return name;
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const alias = this.random.next() < 0.25 ? `${this.random.pick(aliases)}: ` : '';
    const own = `${alias}${field.name}${this.arguments(field)}${this.condition()}`;
    if (!isComposite(field)) return own;
    const type = getNamedType(field.type);
    if (depth >= deepest) return `${own} { __typename }`;
    if (isObjectType(type)) return `${own} ${this.selectionOf(type, depth + 1)}`;
    const possible = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [];
    const branches = possible.filter(() => this.random.next() < 0.5).map((each) => this.branch(each, depth));
    return `${own} { __typename ${branches.join(' ')} }`;
  }

  private branch(type: GraphQLObjectType, depth: number): string {
    return `... on ${type.name}${this.condition()} ${this.selectionOf(type, depth + 1)}`;
  }

  private arguments(field: GraphQLField<unknown, unknown>): string {
    const written = requiredArguments(field);
    if (!field.args.some(({ name }) => name === 'first') || this.random.next() < 0.5) return written;
    const first = `first: ${1 + this.random.between(0, 1)}`;
    return written ? written.replace(/\)$/, `, ${first})`) : `(${first})`;
  }

  private condition(): string {
    return this.random.next() < 0.12 ? ` ${this.random.pick(conditions)}` : '';
  }
}
