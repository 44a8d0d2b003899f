import type { Session } from '../session/Session';
import { Refusal, refusalOf, unreachable } from '../session/Refusal';
import { noteBudgets } from './budgets';
import type { Operation } from './operation';
import { say } from '../words/say';

export interface Answer<Data> {
  readonly data: Data;
  /** Parts of `data` that could not be had. */
  readonly gaps: readonly Refusal[];
}

interface Body<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly Parameters<typeof refusalOf>[0][];
}

/**
 * Asks a query or a mutation by its id. Throws a Refusal when there is no data at all; a session that is over ends here. A token that has
 * just expired is renewed once.
 */
export async function request<Data, Variables>(
  session: Session,
  operation: Operation<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Answer<Data>> {
  const answer = await ask<Data>(session, operation.id, variables, signal);
  const [first] = answer.refusals;
  if (first?.code !== 'EXPIRED_TOKEN') return judged(session, answer);
  await session.renew();
  return judged(session, await ask<Data>(session, operation.id, variables, signal));
}

interface Asked<Data> {
  readonly data: Data | null;
  readonly refusals: readonly Refusal[];
}

function judged<Data>(session: Session, { data, refusals }: Asked<Data>): Answer<Data> {
  const over = refusals.find(({ code }) => code === 'INVALID_CREDENTIALS');
  if (over) session.ended(say('Your session has ended. Sign in again.'));
  const nothing = data === null || Object.values(data as Record<string, unknown>).every((value) => value === null);
  if (nothing) {
    const [first] = refusals;
    if (first) throw first;
    if (data === null) throw new Refusal('UNKNOWN', say('The gateway answered nothing.'), null);
  }
  return { data: data, gaps: refusals };
}

async function ask<Data>(session: Session, id: string, variables: unknown, signal?: AbortSignal): Promise<Asked<Data>> {
  const token = await session.token();
  let response: Response;
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify({ documentId: id, variables }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
  noteBudgets(response.headers);
  const requestId = response.headers.get('x-request-id');
  const body = (await response.json().catch(() => null)) as Body<Data> | null;
  if (!body)
    throw new Refusal(
      'UNKNOWN',
      say('The gateway answered {status}, and nothing that can be read.', { status: response.status }),
      requestId,
    );
  return { data: body.data ?? null, refusals: (body.errors ?? []).map((error) => refusalOf(error, requestId)) };
}
