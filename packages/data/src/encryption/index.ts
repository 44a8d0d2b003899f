export { encryptionSettings, openClusterKeyring } from './config.js';
export type { EncryptedColumn } from './EncryptedColumn.js';
export { Keyring, keyRefreshMs, parseKeys } from './Keyring.js';
export type { SealedPlace } from './Keyring.js';
export { countStale, rotateColumn } from './rotateColumn.js';
export type { RotateColumnOptions } from './rotateColumn.js';
export { WorkspaceCipher } from './WorkspaceCipher.js';
