export { flowEntities, flowSubgraph } from './flowSubgraph.js';
export type { FlowModuleOptions } from './flowSubgraph.js';
export { flowEncryptedColumns } from './storage/encryptedColumns.js';
export { DiskUploadStore } from './storage/uploads/DiskUploadStore.js';
export { S3UploadStore } from './storage/uploads/S3UploadStore.js';
export type { S3UploadStoreOptions } from './storage/uploads/S3UploadStore.js';
export type { UploadStore } from './storage/uploads/UploadStore.js';
export { createFlowWorker } from './worker/createFlowWorker.js';
export type { FlowWorker, FlowWorkerOptions } from './worker/createFlowWorker.js';
