import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isScalarType,
  isUnionType,
  Kind,
  print,
  valueFromAST,
  astFromValue,
} from 'graphql';

/**
 * Where `api` offers less than `contract`, or something else under the same name; one sentence for each difference. It may
 * offer more: types, fields, values, and arguments that can be left out.
 *
 * `contract` is a parsed document in which `extend` adds to what stands anywhere, so a type may consist of extensions only.
 */
export function differencesFromContract(contract, api) {
  const differences = [];
  for (const definition of contract.definitions) {
    const name = definition.name?.value;
    const compare = comparisons[definition.kind];
    if (!compare) {
      differences.push(`${definition.kind} is not something that this check knows.`);
      continue;
    }
    const type = api.getType(name);
    if (!type || !compare.is(type)) {
      differences.push(`${name} is ${type ? 'of another kind' : 'missing'}.`);
      continue;
    }
    compare.members?.(definition, type, api, differences);
  }
  return differences;
}

const object = { is: isObjectType, members: compareFields };
const interfaceType = { is: isInterfaceType, members: compareFields };

const comparisons = {
  [Kind.SCALAR_TYPE_DEFINITION]: { is: isScalarType },
  [Kind.OBJECT_TYPE_DEFINITION]: object,
  [Kind.OBJECT_TYPE_EXTENSION]: object,
  [Kind.INTERFACE_TYPE_DEFINITION]: interfaceType,
  [Kind.INTERFACE_TYPE_EXTENSION]: interfaceType,
  [Kind.UNION_TYPE_DEFINITION]: { is: isUnionType, members: compareUnion },
  [Kind.ENUM_TYPE_DEFINITION]: { is: isEnumType, members: compareEnum },
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: { is: isInputObjectType, members: compareInput },
};

function compareFields(definition, type, api, differences) {
  for (const { name } of definition.interfaces ?? []) {
    if (!type.getInterfaces().some((known) => known.name === name.value))
      differences.push(`${type.name} does not implement ${name.value}.`);
  }
  for (const field of definition.fields ?? []) {
    const place = `${type.name}.${field.name.value}`;
    const found = type.getFields()[field.name.value];
    if (!found) {
      differences.push(`${place} is missing.`);
      continue;
    }
    compareType(place, field.type, found.type, differences);
    const wanted = new Map((field.arguments ?? []).map((argument) => [argument.name.value, argument]));
    for (const argument of wanted.values()) {
      const known = found.args.find((candidate) => candidate.name === argument.name.value);
      const at = `${place}(${argument.name.value}:)`;
      if (known) compareInputValue(at, argument, known, differences);
      else differences.push(`${at} is missing.`);
    }
    for (const known of found.args) {
      if (!wanted.has(known.name) && isRequiredArgument(known))
        differences.push(`${place}(${known.name}:) is new and cannot be left out.`);
    }
  }
}

function compareUnion(definition, type, _api, differences) {
  const members = type.getTypes().map((member) => member.name);
  for (const { name } of definition.types ?? []) {
    if (!members.includes(name.value)) differences.push(`${type.name} lacks ${name.value}.`);
  }
}

function compareEnum(definition, type, _api, differences) {
  for (const { name } of definition.values ?? []) {
    if (!type.getValue(name.value)) differences.push(`${type.name} lacks ${name.value}.`);
  }
}

function compareInput(definition, type, _api, differences) {
  const wanted = new Set();
  for (const field of definition.fields ?? []) {
    wanted.add(field.name.value);
    const known = type.getFields()[field.name.value];
    if (known) compareInputValue(`${type.name}.${field.name.value}`, field, known, differences);
    else differences.push(`${type.name}.${field.name.value} is missing.`);
  }
  for (const known of Object.values(type.getFields())) {
    if (!wanted.has(known.name) && isRequiredInputField(known))
      differences.push(`${type.name}.${known.name} is new and cannot be left out.`);
  }
}

function compareInputValue(place, wanted, known, differences) {
  compareType(place, wanted.type, known.type, differences);
  const found = known.defaultValue === undefined ? null : astFromValue(known.defaultValue, known.type);
  const foundText = found ? print(found) : 'none';
  const wantedValue = wanted.defaultValue ? valueFromAST(wanted.defaultValue, known.type) : undefined;
  const wantedText = wantedValue === undefined ? 'none' : print(astFromValue(wantedValue, known.type));
  if (foundText !== wantedText) differences.push(`${place} has the default ${foundText}, not ${wantedText}.`);
}

function compareType(place, wanted, found, differences) {
  const wantedText = print(wanted);
  if (wantedText !== String(found)) differences.push(`${place} is ${String(found)}, not ${wantedText}.`);
}
