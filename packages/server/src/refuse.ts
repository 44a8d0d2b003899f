import type { ServerResponse } from 'node:http';
import { CodedError, errorRegister, isCodedError } from '@tributary/contracts/errors';
import type { Logger } from '@tributary/observability';

/** Answers with an error in the forms that a gateway and a command client read. What is not ours to tell is logged and masked. */
export function refuse(res: ServerResponse, error: unknown, requestId: string, logger: Logger): void {
  const coded = isCodedError(error)
    ? error
    : isBodyFault(error)
      ? new CodedError('INVALID_INPUT', 'The body is too large or not valid JSON.')
      : new CodedError(
          'INTERNAL_ERROR',
          'Something went wrong on our side. Report it with the requestId.',
          {},
          { cause: error },
        );
  if (coded.cause) logger.error({ err: coded.cause, requestId }, coded.message);
  if (res.headersSent) {
    res.destroy();
    return;
  }
  res.writeHead(errorRegister[coded.code].httpStatus, { 'content-type': 'application/json; charset=utf-8' });
  const answer = {
    error: { code: coded.code, message: coded.message, details: coded.details },
    errors: [
      {
        message: coded.message,
        extensions: { code: coded.code, details: coded.details, timestamp: new Date().toISOString(), requestId },
      },
    ],
  };
  res.end(JSON.stringify(answer));
}

function isBodyFault(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'status' in error &&
    typeof error.status === 'number' &&
    error.status < 500
  );
}
