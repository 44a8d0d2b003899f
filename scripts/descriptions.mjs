import { Kind, visit } from 'graphql';

/**
 * Coordinates that subgraphs describe in different words, one sentence for each: composition would show clients whichever came first.
 * An entity is described by its owner; the stubs of the others say nothing.
 */
export function secondDescriptions(services) {
  const texts = new Map();
  for (const { name, typeDefs } of services) {
    for (const [coordinate, text] of descriptionsIn(typeDefs)) {
      const known = texts.get(coordinate) ?? new Map();
      known.set(text, [...(known.get(text) ?? []), name]);
      texts.set(coordinate, known);
    }
  }
  return [...texts]
    .filter(([, known]) => known.size > 1)
    .map(([coordinate, known]) => {
      const subgraphs = [...known.values()].map((names) => names.join(' and ')).join('; ');
      return `${coordinate} has ${known.size} descriptions (${subgraphs}): leave the one of the subgraph that owns it.`;
    });
}

function descriptionsIn(document) {
  const found = [];
  const path = [];
  const enter = (node) => {
    path.push(node.kind === Kind.DIRECTIVE_DEFINITION ? `@${node.name.value}` : node.name.value);
    if (node.description) found.push([coordinateOf(path), node.description.value]);
  };
  const leave = () => void path.pop();
  visit(document, Object.fromEntries(described.map((kind) => [kind, { enter, leave }])));
  return found;
}

const described = [
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.UNION_TYPE_DEFINITION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.INPUT_OBJECT_TYPE_DEFINITION,
  Kind.DIRECTIVE_DEFINITION,
  Kind.FIELD_DEFINITION,
  Kind.ENUM_VALUE_DEFINITION,
  Kind.INPUT_VALUE_DEFINITION,
];

/** As the specification writes it: `Type.field(argument:)`, `@directive(argument:)`. */
function coordinateOf([owner, member, argument]) {
  if (!member) return owner;
  if (owner.startsWith('@')) return `${owner}(${member}:)`;
  return argument ? `${owner}.${member}(${argument}:)` : `${owner}.${member}`;
}
