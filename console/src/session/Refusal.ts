import { say } from '../words/say';
/** Why the gateway refused, in its own words. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    /** Of the register of errors; NETWORK when there was no answer. */
    readonly code: string,
    message: string,
    /** What to hand to whoever runs the product. Null when there was no answer. */
    readonly requestId: string | null,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

interface ErrorBody {
  readonly message?: string;
  readonly extensions?: {
    readonly code?: string;
    readonly requestId?: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

/** From one entry of `errors`. */
export function refusalOf(error: ErrorBody | undefined, requestId: string | null): Refusal {
  return new Refusal(
    error?.extensions?.code ?? 'UNKNOWN',
    error?.message ?? say('The gateway gave no reason.'),
    error?.extensions?.requestId ?? requestId,
    error?.extensions?.details,
  );
}

/** A failed fetch: the network, or a gateway that is not there. */
export function unreachable(): Refusal {
  return new Refusal(
    'NETWORK',
    say('The gateway does not answer. Check the connection; it is tried again by itself.'),
    null,
  );
}
