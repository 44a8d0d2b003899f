import { closeCodes } from '@tributary/contracts/closeCodes';
import { errorRegister } from '@tributary/contracts/errors';
import { code, table } from './table.ts';

/** Codes of errors, and of ours with which sockets are closed. */
export function errorsPage(): string {
  return `# Errors

Every error that a client can meet carries one of these codes in \`extensions.code\`, beside \`details\` (an object with facts about the
failure), \`timestamp\` and \`requestId\`. The HTTP status is that of the routes outside GraphQL (\`/auth\`, \`/uploads\`); a GraphQL answer is
judged by its codes. "Try again" says whether the same request may succeed later without being changed.

${table(
  ['Code', 'HTTP', 'Try again', 'What it means, what to do'],
  Object.entries(errorRegister).map(([name, { httpStatus, retryable, meaning }]) => [
    code(name),
    String(httpStatus),
    retryable ? 'yes' : 'no',
    meaning,
  ]),
)}

Anything else that goes wrong is logged with the request id and reaches the client as \`INTERNAL_ERROR\`. A row of another
workspace answers exactly like one that does not exist.

\`INSUFFICIENT_PERMISSIONS\` with \`details.reason\` \`WORKSPACE_SUSPENDED\` is what everybody of a suspended workspace hears: at sign-in, with a
token, with a key. Sessions and keys are good again when it is reactivated.

Sockets are closed with codes of graphql-ws and with these of ours: ${Object.entries(closeCodes)
    .map(([name, number]) => `${number} (${name})`)
    .join(', ')}. What to do then stands in [protocols.md](../protocols.md#graphql-ws).
`;
}
