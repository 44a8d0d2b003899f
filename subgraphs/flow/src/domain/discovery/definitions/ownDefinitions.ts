import { encodeId } from '@tributary/contracts/ids';
import { parse } from 'yaml';
import type { SourceDefinitionRow } from '../../../storage/SourceDefinitionRow.js';
import type { SourceProfile } from '../profile/SourceProfile.js';
import { tablesOf } from '../profile/tablesOf.js';
import { shippedDefinitions } from '../source/catalogue/loadDefinitions.js';
import { compileDefinition, type SourceDefinition } from '../source/catalogue/SourceDefinition.js';

/** What an import looks at first: the workspace's own definitions win where a shipped one fits as well. */
export function definitionsOf(rows: readonly Pick<SourceDefinitionRow, 'id' | 'content'>[]): SourceDefinition[] {
  return [...rows.flatMap(({ id, content }) => compiled(encodeId('source', id), content)), ...shippedDefinitions()];
}

/** Those that a flow's import recognised its source by, as they were then: later phases read the same columns whatever is edited meanwhile. */
export function definitionsOfProfile(profile: SourceProfile): SourceDefinition[] {
  const own = new Map<string, string>();
  for (const { profile: table } of tablesOf(profile)) {
    const { recognised } = table;
    if (recognised?.content !== undefined) own.set(recognised.id, recognised.content);
  }
  return [...[...own].flatMap(([id, content]) => compiled(id, content)), ...shippedDefinitions()];
}

/** Nothing for one that this version of the product cannot read any more: then its sources are read as unknown ones. */
function compiled(id: string, content: string): SourceDefinition[] {
  try {
    return [compileDefinition(id, parse(content, { logLevel: 'silent' }), content)];
  } catch {
    return [];
  }
}
