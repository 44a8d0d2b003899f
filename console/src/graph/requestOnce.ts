import { Refusal } from '../session/Refusal';
import type { Session } from '../session/Session';
import type { Operation } from './operation';
import { request, type Answer } from './request';

const triesMs = [500, 2_000, 4_000];

/** Does a mutation once, however often its answer is lost: it is sent again with the key of the first time. */
export async function requestOnce<Data, Variables extends object>(
  session: Session,
  operation: Operation<Data, Variables>,
  variables: Variables,
): Promise<Answer<Data>> {
  const keyed = withKey(variables);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await request(session, operation, keyed);
    } catch (error) {
      const wait = triesMs[attempt];
      if (wait === undefined || !(error instanceof Refusal) || error.code !== 'NETWORK') throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

function withKey<Variables extends object>(variables: Variables): Variables {
  if (!('input' in variables)) return variables;
  return { ...variables, input: { idempotencyKey: newKey(), ...(variables.input as object) } };
}

/** Pages over plain HTTP have no randomUUID. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
