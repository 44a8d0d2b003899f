// The data folder of embedded mode, for the commands that an operator runs on it beside the system or without.
export { readAddress } from './address.js';
export { addKey, dropOldKeys, encryptionKeysFile, openKeyring } from './encryptionKeys.js';
export { openDatabase, startPostgres } from './openDatabase.js';
export { keepEarlierAuditKeys, loadSecrets } from './secrets.js';
export type { EmbeddedSecrets } from './secrets.js';
