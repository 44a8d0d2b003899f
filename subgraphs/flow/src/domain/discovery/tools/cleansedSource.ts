import type { DiscoveryFlowRow } from '../../../storage/DiscoveryFlowRow.js';
import type { FieldMappingRow } from '../../../storage/FieldMappingRow.js';
import { createCleanser } from '../cleanse/createCleanser.js';
import type { SourceProfile } from '../profile/SourceProfile.js';
import type { Source } from '../source/openSource.js';
import type { CleansedSource } from './DiscoveryTools.js';

interface Parts {
  readonly discovery: DiscoveryFlowRow;
  readonly profile: SourceProfile;
  readonly mappings: readonly FieldMappingRow[];
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
  const decisions = mappings.map(({ sourceField, targetField, status }) => ({
    sourceField,
    targetField: status === 'REJECTED' ? null : targetField,
  }));
  return {
    discovery,
    profile,
    source,
    cleanser: createCleanser(decisions, { profile, sourceName: discovery.sourceName, findPersonalData }),
    namesDependencies: decisions.some(({ targetField }) => targetField?.startsWith('dependency.')),
  };
}
