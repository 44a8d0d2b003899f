import { uploadCommand } from '@tributary/contracts/commands';
import { type CommandClient } from '@tributary/commands';
import { CodedError } from '@tributary/contracts/errors';
import { Deadline, whyUnstorable } from '@tributary/kernel';
import type { CallerBudgets } from '../../callers/CallerBudgets.js';
import { commandWithBody } from '../http/commandWithBody.js';
import { isMultipart, maxEnvelopeBytes, multipartFile } from '../http/multipartFile.js';
import { setRateLimitHeaders } from '../http/rateLimitHeaders.js';
import type { RestRoute } from '../http/RestRoute.js';
import { identifyCaller, type IdentityService } from '../../callers/identity.js';

export interface UploadRouteOptions {
  readonly commands: CommandClient;
  readonly identity: IdentityService;
  /** An upload counts as one request. Absent: it is not counted. */
  readonly budgets?: CallerBudgets;
  /** Default 200 MB. */
  readonly maxBytes?: number;
  /** Default 60 s, and as long again for each 10 MB. */
  readonly timeoutMs?: number;
}

const defaultBytes = 200 * 1024 * 1024;
const bytesPerTimeout = 10 * 1024 * 1024;

/**
 * `POST /uploads?name=…` with the raw file as its body, or with a form (`multipart/form-data`) that has one file, whose filename is the
 * name where the query gives none: 201 `{"uploadId","bytes","sha256"}`. It goes through in pieces and is never whole in memory.
 */
export function uploadRoute(options: UploadRouteOptions): RestRoute {
  const maxBytes = options.maxBytes ?? defaultBytes;
  return {
    method: 'POST',
    path: '/uploads',
    event: 'upload',
    async handle(exchange) {
      const caller = await identifyCaller(options.identity, {
        authorization: exchange.header('authorization'),
        apiKey: exchange.header('x-api-key'),
      });
      if (!caller.identity) throw caller.refusal;
      const { principal } = caller.identity;
      exchange.workspaceId = principal.workspaceId;
      if (options.budgets) {
        const { budgetStates, refusal } = await options.budgets.spend(principal, 0);
        setRateLimitHeaders(exchange, budgetStates);
        if (refusal) throw refusal;
      }
      const announced = Number(exchange.header('content-length') ?? 0);
      const form = isMultipart(exchange);
      if (announced > maxBytes + (form ? maxEnvelopeBytes : 0)) throw tooLarge(maxBytes);
      const file = form ? await multipartFile(exchange) : null;
      const name = checkedName(exchange.query.get('name') ?? file?.filename);
      const timeoutMs = (options.timeoutMs ?? 60_000) * (1 + Math.ceil((announced || maxBytes) / bytesPerTimeout));
      const context = { principal, requestId: exchange.requestId, deadline: Deadline.in(timeoutMs) };
      const passed = {
        maxBytes,
        tooLarge: () => tooLarge(maxBytes),
        brokenOff: () => new CodedError('INVALID_INPUT', 'The upload was broken off.'),
        ...(file && { source: file.body }),
      };
      const upload = await commandWithBody(exchange, passed, (body) =>
        options.commands.stream(uploadCommand, { name }, body, context),
      );
      exchange.sendJson(201, upload);
    },
  };
}

function checkedName(given: string | undefined): string {
  const name = given?.trim();
  if (!name)
    throw new CodedError(
      'MISSING_REQUIRED_FIELD',
      'Say what the file is called: POST /uploads?name=…, or as the filename of its part in a form.',
      { field: 'name' },
    );
  const unstorable = whyUnstorable(name);
  if (unstorable !== null) throw new CodedError('INVALID_INPUT', unstorable, { field: 'name' });
  return name;
}

function tooLarge(maxBytes: number): CodedError {
  return new CodedError('QUOTA_EXCEEDED', `The file is larger than ${maxBytes} bytes.`, {
    limit: 'uploadBytes',
    mostBytes: maxBytes,
  });
}
