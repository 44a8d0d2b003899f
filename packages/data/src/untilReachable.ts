import { setTimeout as delay } from 'node:timers/promises';
import { withClient } from './withClient.js';

const patienceMs = 60_000;
const waitMs = 500;

/** Nobody listens there yet, its name is not known yet, or PostgreSQL is starting (57P03). */
const notYet = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNRESET', '57P03']);

/**
 * Resolves when PostgreSQL takes connections at this URL. What runs once, as a migration does, may be started beside its database; not all
 * that starts containers waits for one before the other. Throws why not when a minute was not enough, and at once when it refuses.
 */
export async function untilReachable(url: string, patience: number = patienceMs): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return await withClient(url, async (client) => void (await client.query('select 1')));
    } catch (error) {
      if (!notYet.has(codeOf(error)) || performance.now() > deadline) throw error;
      await delay(waitMs);
    }
  }
}

/** A name with two addresses fails with an AggregateError of one error each. */
function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: readonly { code?: unknown }[] };
  return String(code ?? errors?.[0]?.code);
}
