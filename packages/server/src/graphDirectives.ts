import {
  Kind,
  parse,
  valueFromASTUntyped,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type TypeNode,
} from 'graphql';

/** What every subgraph says of itself: the version of federation, and the directives of ours that reach the supergraph. */
export const schemaExtension = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@extends", "@override", "@inaccessible", "@tag", "@composeDirective", "@cost", "@listSize"])
  @link(url: "https://specs.tributary.example/graph/v1.0", import: ["@ingest", "@perViewer", "@maxItems"])
  @composeDirective(name: "@ingest")
  @composeDirective(name: "@perViewer")
  @composeDirective(name: "@maxItems")

"A mutation that takes bulk data: requests with x-tributary-ingest: 1, which may be larger and take longer, are for it."
directive @ingest on FIELD_DEFINITION

"The type's content depends on the person that asks, so no two persons may share an answer that holds it."
directive @perViewer on OBJECT

"How many items a list may have that is sent here."
directive @maxItems(count: Int!) on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION
`;

/** Items that a list without arguments of its own is taken to have when an operation's cost is counted. */
const listItems = 10;
/** Items of a page whose length is neither asked for nor has a default. */
const pageItems = 50;

/** A page's entries, or the groups of a report. */
const pageFields = ['edges', 'nodes', 'groups'];

/** Says of every list of objects how long it is taken to be, and by which arguments: `@listSize`, from which routers count what operations cost. */
export function withListSizes(document: DocumentNode): DocumentNode {
  const fieldsOf = new Map<string, ReadonlySet<string>>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    fieldsOf.set(definition.name.value, new Set(definition.fields?.map(({ name }) => name.value)));
  }
  const sized = sizedByOthers(document, fieldsOf);
  return visit(document, {
    ObjectTypeDefinition: (type) => {
      const fields = type.fields?.map((field) => {
        const isSized = sized.has(`${type.name.value}.${field.name.value}`);
        const directive = isSized ? null : listSizeOf(field, fieldsOf);
        return directive ? { ...field, directives: [...(field.directives ?? []), directive] } : field;
      });
      return { ...type, ...(fields ? { fields } : {}) };
    },
  });
}

/** Lists of a page: how long they are taken to be stands at the field that the page is asked for by. */
function sizedByOthers(
  document: DocumentNode,
  fieldsOf: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const sized = new Set<string>();
  visit(document, {
    FieldDefinition: (field) => {
      const { name, isList } = shapeOf(field.type);
      const pages = field.arguments?.some((each) => each.name.value === 'first' || each.name.value === 'last');
      if (isList || !pages) return;
      for (const each of pageFields) if (fieldsOf.get(name)?.has(each)) sized.add(`${name}.${each}`);
    },
  });
  return sized;
}

function listSizeOf(
  field: FieldDefinitionNode,
  fieldsOf: ReadonlyMap<string, ReadonlySet<string>>,
): ConstDirectiveNode | null {
  if (field.directives?.some(({ name }) => name.value === 'listSize')) return null;
  const { name, isList } = shapeOf(field.type);
  const page = fieldsOf.get(name);
  if (!page) return null;
  const slicing = (field.arguments ?? []).filter((each) => each.name.value === 'first' || each.name.value === 'last');
  if (slicing.length === 0) return isList ? directive({ assumedSize: listItems }) : null;
  const sized = isList ? [] : pageFields.filter((each) => page.has(each));
  if (!isList && sized.length === 0) return null;
  const hasDefault = slicing.some(({ defaultValue }) => defaultValue && valueFromASTUntyped(defaultValue) !== null);
  return directive({
    ...(hasDefault ? {} : { assumedSize: isList ? listItems : pageItems }),
    slicingArguments: slicing.map((each) => each.name.value),
    ...(sized.length > 0 ? { sizedFields: sized } : {}),
    requireOneSlicingArgument: false,
  });
}

function directive(args: Readonly<Record<string, unknown>>): ConstDirectiveNode {
  const list = Object.entries(args).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const [type] = parse(`type T { field: Int @listSize(${list.join(', ')}) }`, { noLocation: true }).definitions;
  if (type?.kind !== Kind.OBJECT_TYPE_DEFINITION) throw new Error('A type was expected.');
  return type.fields![0]!.directives![0]!;
}

function shapeOf(type: TypeNode): { readonly name: string; readonly isList: boolean } {
  if (type.kind === Kind.NAMED_TYPE) return { name: type.name.value, isList: false };
  return { ...shapeOf(type.type), ...(type.kind === Kind.LIST_TYPE ? { isList: true } : {}) };
}
