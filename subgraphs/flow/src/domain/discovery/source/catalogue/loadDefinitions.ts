import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { compileDefinition, type SourceDefinition } from './SourceDefinition.js';

const folder = new URL('../../../../../sources/', import.meta.url);

let loaded: readonly SourceDefinition[] | null = null;

/** The definitions that come with the product, each a file of `sources/`. Read once; throws when one is not valid. */
export function shippedDefinitions(): readonly SourceDefinition[] {
  loaded ??= readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => compileDefinition(file.replace(/\.yaml$/, ''), parse(readFileSync(new URL(file, folder), 'utf8'))));
  return loaded;
}
