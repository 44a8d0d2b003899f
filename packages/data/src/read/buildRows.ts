import { compileFunction } from 'node:vm';
import { isTextParser, typeParserOf } from '../typeParsers.js';
import type { PgField } from './pgPrivates.js';

/** Makes an object of a row's values, which come in the order of its columns, as text or null. */
export type RowBuilder = (values: readonly (string | null)[]) => Record<string, unknown>;

const builders = new Map<string, RowBuilder>();
const maxBuilders = 5_000;
/** The same by what it was asked for with, which for a statement are always the same objects. */
const asked = new WeakMap<readonly PgField[], Map<ReadonlyMap<string, string> | undefined, RowBuilder>>();

/**
 * The builder of rows of this shape: one object literal, compiled once for each list of columns. With `properties` the result has those
 * names; a column that they do not name is left out.
 */
export function buildRows(fields: readonly PgField[], properties?: ReadonlyMap<string, string>): RowBuilder {
  let ofFields = asked.get(fields);
  if (!ofFields) asked.set(fields, (ofFields = new Map<ReadonlyMap<string, string> | undefined, RowBuilder>()));
  let builder = ofFields.get(properties);
  if (!builder) ofFields.set(properties, (builder = builderOf(fields, properties)));
  return builder;
}

function builderOf(fields: readonly PgField[], properties?: ReadonlyMap<string, string>): RowBuilder {
  const columns = fields.map(({ name, dataTypeID }) => ({ key: properties ? properties.get(name) : name, dataTypeID }));
  const shape = JSON.stringify(columns.map(({ key, dataTypeID }) => [key ?? null, dataTypeID]));
  const known = builders.get(shape);
  if (known) return known;
  const parsers = columns.map(({ dataTypeID }) => typeParserOf(dataTypeID));
  const members = columns.flatMap(({ key }, index) => {
    if (key === undefined) return [];
    const value = isTextParser(parsers[index]!)
      ? `v[${index}]`
      : `v[${index}] === null ? null : p[${index}](v[${index}])`;
    return [`${JSON.stringify(key)}: ${value}`];
  });
  const build = compileFunction(`return (v) => ({ ${members.join(', ')} })`, ['p']) as (
    parsers: readonly unknown[],
  ) => RowBuilder;
  const made = build(parsers);
  if (builders.size >= maxBuilders) builders.clear();
  builders.set(shape, made);
  return made;
}
