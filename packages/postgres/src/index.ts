export { EmbeddedPostgres } from './EmbeddedPostgres.js';
export type { ConnectionParts, EmbeddedPostgresOptions } from './EmbeddedPostgres.js';
export { EmbeddedPostgresError } from './EmbeddedPostgresError.js';
export type { EmbeddedPostgresFailure } from './EmbeddedPostgresError.js';
export { endWithParent } from './endWithParent.js';
export { findBinaries } from './findBinaries.js';
export type { Binaries } from './findBinaries.js';
export { findRunningServer } from './findRunningServer.js';
