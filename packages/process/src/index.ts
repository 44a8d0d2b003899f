export { buildVersion } from './buildVersion.js';
export type { BuildVersion } from './buildVersion.js';
export { closeAtSignal } from './closeAtSignal.js';
export { runAsProcess } from './runAsProcess.js';
export { settingsWithSecrets, vaultSettings } from './secrets/config.js';
export { resolveSecrets } from './secrets/resolveSecrets.js';
export type { SecretProviders } from './secrets/resolveSecrets.js';
export { SecretError } from './secrets/SecretProvider.js';
export type { SecretProvider } from './secrets/SecretProvider.js';
