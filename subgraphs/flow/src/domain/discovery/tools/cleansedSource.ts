import { dependencyKinds } from '@tributary/contracts/values';
import type { DiscoveryFlowRow } from '../../../storage/DiscoveryFlowRow.js';
import type { ShownMapping } from '../../../storage/FieldMappingRow.js';
import { createSourceCleanser } from '../cleanse/createSourceCleanser.js';
import type { SourceProfile } from '../profile/SourceProfile.js';
import type { Source } from '../source/openSource.js';
import { isDependencyTarget, kindOfDependency } from '../cleanse/cleanDependencies.js';
import { speakerOf } from '../identity/speakerOf.js';
import type { MappingDecision } from '../mapping/checkMappings.js';
import type { CleansedSource, SourceStatements } from './DiscoveryTools.js';

interface Parts {
  readonly discovery: DiscoveryFlowRow;
  readonly profile: SourceProfile;
  readonly mappings: readonly ShownMapping[];
  readonly source: Source;
  readonly findPersonalData?: boolean;
}

/** Joins a source with what was decided about its columns; suggestions that a person rejected map to nothing. */
export function cleansedSource({
  discovery,
  profile,
  mappings,
  source,
  findPersonalData = false,
}: Parts): CleansedSource {
  const decisions = decided(mappings);
  return {
    discovery,
    profile,
    source,
    speaker: speakerOf(profile, decisions, discovery.sourceName),
    cleanser: createSourceCleanser(decisions, { profile, sourceName: discovery.sourceName, findPersonalData }),
    namesDependencies: decisions.some(({ targetField }) => targetField?.startsWith('dependency.')),
  };
}

/** What the source's rows can say by the mappings that were approved for it. */
export function statementsOf(
  discovery: DiscoveryFlowRow,
  profile: SourceProfile,
  mappings: readonly ShownMapping[],
): SourceStatements {
  const decisions = decided(mappings);
  const targets = decisions.flatMap(({ targetField }) => targetField ?? []);
  const rowsAreDependencies = targets.includes('dependency.from');
  return {
    speaker: speakerOf(profile, decisions, discovery.sourceName),
    coverage: discovery.coverage,
    // A word for what a connection is may be any.
    kinds: rowsAreDependencies
      ? dependencyKinds
      : [...new Set(targets.filter(isDependencyTarget).map(kindOfDependency))],
    rowsAreDependencies,
  };
}

function decided(mappings: readonly ShownMapping[]): MappingDecision[] {
  return mappings.map(({ sourceField, targetField, status }) => ({
    sourceField,
    targetField: status === 'REJECTED' ? null : targetField,
  }));
}
