import type { SourceProfile } from '../profile/SourceProfile.js';
import { decisionsFor, fieldOf, tablesOf } from '../profile/tablesOf.js';
import { checkMappings, type MappingDecision, type MappingProblem } from './checkMappings.js';

/** What keeps the mappings of a source from being used. Of several sheets, those that name nothing are left out: one has to name something. */
export function checkSourceMappings(profile: SourceProfile, mappings: readonly MappingDecision[]): MappingProblem[] {
  if (profile.sheets === undefined)
    return checkMappings(
      mappings,
      profile.columns.map(({ name }) => name),
    );
  const fields = new Set(profile.columns.map(({ name }) => name));
  const unknown = mappings
    .filter(({ sourceField }) => !fields.has(sourceField))
    .map(({ sourceField }) => ({ sourceField, message: `The source has no column ${sourceField}.` }));
  const problems = tablesOf(profile).map((table) =>
    checkMappings(
      decisionsFor(table, mappings),
      table.profile.columns.map(({ name }) => name),
    ).map(({ sourceField, message }) => ({
      sourceField: sourceField === null ? null : fieldOf(table.sheet, sourceField),
      message,
    })),
  );
  const ofColumns = problems.flat().filter(({ sourceField }) => sourceField !== null);
  const nameless = problems.every((each) => each.some(({ sourceField }) => sourceField === null));
  return [
    ...unknown,
    ...ofColumns,
    ...(nameless ? [problems[0]!.find(({ sourceField }) => sourceField === null)!] : []),
  ];
}
