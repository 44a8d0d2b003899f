import type { ApiKeyRow } from '../storage/ApiKeyRow.js';

/** A key without its hashes: what leaves the domain, and what an idempotent replay may store. */
export type ApiKeyWithoutHashes = Omit<ApiKeyRow, 'secretHash' | 'previousHash'>;

export function withoutHashes({ secretHash: _, previousHash: __, ...record }: ApiKeyRow): ApiKeyWithoutHashes {
  return record;
}
