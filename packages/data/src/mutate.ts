import type { RequestContext } from '@tributary/kernel';
import type { Database } from './Database.js';
import { once } from './idempotency.js';
import { scopeOf } from './TenantScope.js';
import type { WorkspaceTransaction } from './WorkspaceTransaction.js';

/** A mutation's input; most have an optional idempotencyKey. */
export interface MutationInput {
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * Runs a mutation: one transaction of the caller's workspace, once for each idempotencyKey. What `work` returns is what a replay
 * answers (records with dates are fine); `forget` takes secrets out of what is recorded.
 */
export async function mutate<Result>(
  database: Database,
  context: RequestContext,
  mutation: { readonly field: string; readonly input: MutationInput },
  work: (transaction: WorkspaceTransaction) => Promise<Result>,
  forget?: (result: Result) => Result,
): Promise<Result> {
  return database.withWorkspace(scopeOf(context), async (transaction) => {
    const keyed = {
      actor: context.principal.actor,
      field: mutation.field,
      idempotencyKey: mutation.input.idempotencyKey ?? null,
      input: mutation.input,
    };
    return (await once(transaction, keyed, () => work(transaction), forget)).result;
  });
}
