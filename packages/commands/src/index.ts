export type { CommandClient } from './CommandClient.js';
export { CommandRegistry } from './CommandRegistry.js';
export { commandInputHeader, HttpCommandClient } from './HttpCommandClient.js';
export type { HttpCommandClientOptions } from './HttpCommandClient.js';
export { LocalCommandClient } from './LocalCommandClient.js';
export { readTlsConfig, tlsSettings } from './config.js';
export { createTlsFetch } from './MutualTls.js';
export type { MutualTls } from './MutualTls.js';
