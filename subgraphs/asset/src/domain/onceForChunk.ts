import { isCodedError } from '@tributary/contracts/errors';
import { planAnew, sqlState } from '@tributary/data';
import type { WorkspaceTransaction } from '@tributary/data';
import { claimChunk, outcomeOfChunk, recordChunk } from '../storage/chunkStatements.js';
import type { ChunkKey } from '../storage/chunkStatements.js';

/**
 * Does the work of a chunk in the transaction that also records its outcome, so that a chunk which comes again (its worker died, or
 * the answer got lost) does nothing and answers what it answered.
 */
export async function onceForChunk<Outcome extends object>(
  transaction: WorkspaceTransaction,
  key: ChunkKey,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  if (!(await transaction.queryOne(claimChunk(key)))) {
    const recorded = await transaction.queryOne(outcomeOfChunk<Outcome>(key));
    if (!recorded) throw new Error('A chunk was claimed and then not found.');
    return recorded;
  }
  await planAnew(transaction);
  const outcome = await work();
  await transaction.query(recordChunk(key, outcome));
  return outcome;
}

/** Two writers made the same asset, or each waits for the other. */
const collisions = new Set(['23505', '40P01', '40001']);
const maxTries = 4;

/** Runs a transaction again that met another writer: the second time it sees what the other wrote. */
export async function retryOnCollision<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      const state = isCodedError(error) ? sqlState((error as Error).cause) : null;
      if (tries === maxTries || state === null || !collisions.has(state)) throw error;
    }
  }
}
