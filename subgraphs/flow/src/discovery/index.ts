// What the phases of a discovery do with a source, for proofs that need no flow.
export {
  checkSourceMappings,
  createSourceCleanser,
  isSourceError,
  openSource,
  profileSource,
  reasonsToAsk,
  suggestSourceMappings,
} from '../domain/discovery/index.js';
