import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
  type GraphQLInputType,
  type GraphQLLeafType,
  type GraphQLSchema,
} from 'graphql';
import { makeTemplates, type ArgumentPlace, type Template } from '../../prove/tenancy/net/templates.ts';

/** A single value of a document: an argument, or a field of an input object below one. */
export interface InputPlace {
  /** Such as `Mutation.createFlow.input > CreateFlowInput.name`. */
  readonly name: string;
  /** Of the argument or input field itself. */
  readonly field: string;
  readonly type: GraphQLLeafType;
  readonly template: Template;
  readonly argument: ArgumentPlace;
  /** The argument's whole value with this one in its place. */
  readonly around: (value: unknown) => unknown;
}

/** Every place of the graph that takes a single value, each once. */
export function inputPlaces(schema: GraphQLSchema): InputPlace[] {
  const places = new Map<string, InputPlace>();
  for (const template of makeTemplates(schema).map(withoutAnswer)) {
    for (const argument of template.places.filter(({ isTarget }) => isTarget)) {
      const add = (type: GraphQLInputType, coordinate: string, around: InputPlace['around']): void => {
        const nullable = getNullableType(type);
        if (isListType(nullable)) return add(nullable.ofType, coordinate, (value) => around([value]));
        if (!isInputObjectType(nullable)) {
          const field = coordinate.split('.').at(-1)!;
          const name = `${argument.coordinate} > ${coordinate}`;
          places.set(name, { name, field, type: nullable, template, argument, around });
          return;
        }
        for (const inner of Object.values(nullable.getFields())) {
          add(inner.type, `${nullable.name}.${inner.name}`, (value) =>
            around({ ...(soundValue(nullable) as object), [inner.name]: value }),
          );
        }
      };
      add(argument.type, argument.coordinate, (value) => value);
    }
  }
  return [...places.values()];
}

/** What a root field answers is of no interest here, and of `node` it is more than may be asked for at once. */
function withoutAnswer(template: Template): Template {
  if (!/^(Query|Mutation|Subscription)\./.test(template.target)) return template;
  return { ...template, document: template.document.replace(/\) \{ __typename .*$/s, ') { __typename } }') };
}

/** A value of the type's form with only what must be there. */
export function soundValue(type: GraphQLInputType): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [soundValue(nullable.ofType)];
  if (isEnumType(nullable)) return nullable.getValues()[0]!.name;
  if (isInputObjectType(nullable)) {
    const required = Object.values(nullable.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(required.map((field) => [field.name, soundValue(field.type)]));
  }
  return plain[nullable.name];
}

const plain: Readonly<Record<string, unknown>> = {
  String: 'x',
  ID: 'x',
  Int: 1,
  Float: 1,
  Boolean: true,
  DateTime: '2026-01-31T12:00:00.000Z',
  Cursor: 'x',
  JSONObject: {},
};
