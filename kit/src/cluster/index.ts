export { Cluster } from './Cluster.js';
export type { ClusterOptions } from './Cluster.js';
export { makeClusterSecrets } from './ClusterSecrets.js';
export type { ClusterSecrets } from './ClusterSecrets.js';
