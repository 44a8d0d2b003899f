import type { Connection, OperationResult } from './Connection.js';
import type { GraphqlError } from './TributaryError.js';
import { TributaryError } from './TributaryError.js';
import type { SentDocument } from './operationDocument.js';

export interface Question {
  readonly document: () => Promise<SentDocument>;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whether it may be asked again when the connection goes before the answer is there. */
  readonly again: boolean;
  readonly signal?: AbortSignal;
}

type Outcome = { readonly result: OperationResult } | { readonly error: unknown } | 'lost';

/** Asks a query or mutation over the connection. Rejects with a TributaryError when it is refused, or with the signal's reason. */
export async function askOnce(connection: Connection, question: Question): Promise<OperationResult> {
  question.signal?.throwIfAborted();
  const document = await question.document();
  connection.acquire();
  try {
    for (;;) {
      await connection.ready();
      question.signal?.throwIfAborted();
      const outcome = await askOnThisSocket(connection, document, question);
      if (outcome === 'lost') {
        if (question.again) continue;
        throw new TributaryError(
          'CONNECTION_LOST',
          'The connection went before the answer came, so this may have happened or not. Send it again with the same idempotencyKey.',
        );
      }
      if ('error' in outcome) throw outcome.error;
      return outcome.result;
    }
  } finally {
    connection.release();
  }
}

function askOnThisSocket(connection: Connection, document: SentDocument, question: Question): Promise<Outcome> {
  return new Promise((resolve) => {
    const { variables, signal } = question;
    let stop: (() => void) | null = null;
    let over = false;
    const finish = (outcome: Outcome) => {
      if (over) return;
      over = true;
      signal?.removeEventListener('abort', abort);
      stop?.();
      resolve(outcome);
    };
    const abort = () => finish({ error: signal?.reason });
    signal?.addEventListener('abort', abort);
    stop = connection.subscribe(
      { ...document, variables },
      {
        next: (result) => finish({ result }),
        refused: (errors) => finish({ error: refusalOf(errors) }),
        completed: () => finish('lost'),
        lost: () => finish('lost'),
        failed: (error) => finish({ error }),
      },
    );
    if (over) stop();
  });
}

function refusalOf(errors: readonly GraphqlError[]): TributaryError {
  const [first] = errors;
  return new TributaryError(first?.extensions?.code ?? 'INVALID_INPUT', first?.message ?? 'It was refused.', errors);
}
