import {
  buildASTSchema,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
  isInputObjectType,
} from 'graphql';

/**
 * Where `api` would break a client of `contract`, one sentence for each place. It may offer more: types, fields, values, and arguments that
 * can be left out.
 *
 * `contract` is a parsed document in which `extend` adds to what stands anywhere, so a type may consist of extensions only.
 */
export function differencesFromContract(contract, api) {
  const promised = buildASTSchema({ ...contract, definitions: joined(contract.definitions) }, { assumeValidSDL: true });
  const moved = findDangerousChanges(promised, api).filter(
    ({ type }) => type === DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE,
  );
  return [...findBreakingChanges(promised, api), ...moved]
    .map(({ description }) => description)
    .concat(movedInputDefaults(promised, api));
}

/** One definition for each name: of its own and of all that extends it. */
function joined(definitions) {
  const byName = new Map();
  for (const definition of definitions) {
    const known = byName.get(definition.name.value);
    byName.set(definition.name.value, {
      ...definition,
      kind: definition.kind.replace('Extension', 'Definition'),
      ...Object.fromEntries(
        ['fields', 'interfaces', 'types', 'values', 'directives'].map((part) => [
          part,
          [...(known?.[part] ?? []), ...(definition[part] ?? [])],
        ]),
      ),
    });
  }
  return [...byName.values()];
}

/** graphql-js looks at the defaults of arguments alone. */
function movedInputDefaults(promised, api) {
  return Object.values(promised.getTypeMap())
    .filter(isInputObjectType)
    .flatMap((type) => {
      const offered = api.getType(type.name);
      if (!isInputObjectType(offered)) return [];
      return Object.values(type.getFields())
        .filter(({ name, defaultValue }) => {
          const field = offered.getFields()[name];
          return field && JSON.stringify(field.defaultValue) !== JSON.stringify(defaultValue);
        })
        .map(({ name }) => `${type.name}.${name} has changed defaultValue.`);
    });
}
