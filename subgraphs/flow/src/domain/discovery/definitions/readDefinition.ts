import { parse } from 'yaml';
import { CodedError } from '@tributary/contracts/errors';
import { excerpt } from '../rejectRow.js';
import { compileDefinition, type SourceDefinition } from '../source/catalogue/SourceDefinition.js';

/** Characters of one definition: 64 KB. */
const maxDefinitionCharacters = 65_536;
const maxAliases = 10;

/** Compiles what a person wrote. Throws INVALID_INPUT with what is wrong and where. */
export function readDefinition(content: string, field: string, goOn: (() => void) | null = null): SourceDefinition {
  if (Buffer.byteLength(content) > maxDefinitionCharacters) {
    throw new CodedError('INVALID_INPUT', 'A source definition has at most 64 KB. Leave out what it does not need.', {
      field,
    });
  }
  if (content.includes('\0') || !content.isWellFormed())
    throw new CodedError('INVALID_INPUT', 'The definition holds characters that cannot be stored.', { field });
  try {
    return compileDefinition('own', parse(content, { maxAliasCount: maxAliases, logLevel: 'silent' }), content, goOn);
  } catch (error) {
    throw new CodedError('INVALID_INPUT', excerpt(error instanceof Error ? error.message : 'It is no YAML.', 1_000), {
      field,
    });
  }
}
