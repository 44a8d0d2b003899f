import type { ChunkBorders } from '../../engine/NumberedChunks.js';

/** Assets or dependencies in one command: as many as PostgreSQL likes at once, and well below what a request may weigh in characters. */
export const chunkBorders: ChunkBorders = { maxItems: 2_000, maxWeight: 3_000_000 };

/** One is read and cleansed here while another is written there. */
export const chunksInFlight = 2;

/** Chunks are numbered over the whole flow: those of the dependencies, and of what is over, are never numbers of the inventory. */
export const firstDependencyChunk = 1_000_000;
export const firstSettleChunk = 2_000_000;
