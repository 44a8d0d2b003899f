export { startEmbedded } from './startEmbedded.js';
export type { EmbeddedTributary } from './startEmbedded.js';
