export { makeClusterSecrets } from './ClusterSecrets.js';
export type { ClusterSecrets } from './ClusterSecrets.js';
export { partNamed, partSettings } from './partSettings.js';
