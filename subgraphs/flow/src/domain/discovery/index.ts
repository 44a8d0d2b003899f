export { openSource, type Source, type SourceOptions } from './source/openSource.js';
export type { RecordBatch, RejectedRow, SourceRecord, SourceValue } from './sourceRecord.js';
export {
  fatalSourceErrors,
  isSourceError,
  rowErrors,
  SourceError,
  type FatalSourceErrorCode,
  type RowErrorCode,
} from './sourceErrors.js';
export { sourceLimits } from './sourceLimits.js';
export { profileSource, type ProfileOptions } from './profile/profileSource.js';
export type { ColumnProfile, SourceProfile } from './profile/SourceProfile.js';
export type { ValueShape } from './profile/valueShapes.js';
export { mappingTargets, findMappingTarget, type MappingTarget, type TargetField } from './mapping/mappingTargets.js';
export { suggestMappings, type RememberedMapping, type SuggestedMapping } from './mapping/suggestMappings.js';
export { checkMappings, type MappingDecision, type MappingProblem } from './mapping/checkMappings.js';
export { createCleanser, type CleanBatch, type Cleanser, type CleanserOptions } from './cleanse/createCleanser.js';
export type {
  AssetReference,
  AttributeValue,
  CleanAsset,
  CleanDependency,
  CleanResult,
  MatchKeys,
} from './cleanse/cleanResult.js';
export type { PersonalDataFinding } from './cleanse/personalData.js';
