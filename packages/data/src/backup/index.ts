export { BackupError, backupManifest } from './BackupManifest.js';
export type { BackupManifest } from './BackupManifest.js';
export { dumpTables } from './dumpTables.js';
export { checkTableFiles, isEmptyDatabase, loadTables } from './loadTables.js';
