export { flowSubgraph } from './flow.js';
export type { FlowOptions } from './flow.js';
export { openClusterUploads } from './config.js';
export { flowEncryptedColumns } from './storage/encryptedColumns.js';
export { DiskUploadStore } from './storage/uploads/DiskUploadStore.js';
export { S3UploadStore } from './storage/uploads/S3UploadStore.js';
export type { S3UploadStoreOptions } from './storage/uploads/S3UploadStore.js';
export type { UploadStore } from './storage/uploads/UploadStore.js';
