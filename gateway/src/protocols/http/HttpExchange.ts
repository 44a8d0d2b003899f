import type { IncomingMessage, ServerResponse } from 'node:http';
import { CodedError, errorRegister, type ErrorCode } from '@tributary/contracts/errors';
import { newUuid } from '@tributary/kernel';
import type { Logger } from '@tributary/observability';
import { jsonForms } from './negotiate.js';
import { formatError } from '../../result/formatError.js';

/** One HTTP request, its answer, and what every route wants to know of it. */
export class HttpExchange {
  readonly requestId: string;
  /** As sent, without query and without a slash at its end. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Call it when the answer has become a stream that may stay open: a drain does not wait for it. */
  onStreaming: () => void = () => undefined;
  /** Whose workspace it was about, once that is known. */
  workspaceId: string | null = null;
  /** The code of the error that was answered. */
  failure: ErrorCode | null = null;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly logger: Logger,
  ) {
    const given = request.headers['x-request-id'];
    this.requestId = typeof given === 'string' && /^[A-Za-z0-9._:/+=-]{1,128}$/.test(given) ? given : newUuid();
    const target = request.url ?? '/';
    const mark = target.indexOf('?');
    const path = mark === -1 ? target : target.slice(0, mark);
    this.path = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    this.query = new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1));
    response.setHeader('x-request-id', this.requestId);
    response.setHeader('x-content-type-options', 'nosniff');
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  sendJson(status: number, body: unknown, type = 'application/json'): void {
    this.send(status, JSON.stringify(body), `${type}; charset=utf-8`);
  }

  send(status: number, body: string | Uint8Array, type: string): void {
    if (this.response.headersSent || this.response.destroyed) return;
    if (!this.response.hasHeader('cache-control')) this.response.setHeader('cache-control', 'no-store');
    this.response.setHeader('content-type', type);
    this.response.setHeader('content-length', Buffer.byteLength(body));
    // Part of the request may be unread, and then the connection is of no more use.
    if (!this.request.complete) this.response.setHeader('connection', 'close');
    this.response.writeHead(status);
    this.response.end(this.request.method === 'HEAD' ? undefined : body);
  }

  /** Answers `{"errors":[…]}`, the form that all routes share, as JSON that the client accepts. The status is that of the error's code unless given. */
  sendError(error: unknown, status?: number): void {
    const formatted = formatError(error, { requestId: this.requestId, logger: this.logger });
    this.failure = formatted.extensions.code;
    const wait = formatted.extensions.details['retryAfterSeconds'];
    if (typeof wait === 'number' && !this.response.headersSent) this.response.setHeader('retry-after', String(wait));
    const wantsGraphql = jsonForms(this.header('accept'))[0] === 'response+json';
    this.sendJson(
      status ?? errorRegister[formatted.extensions.code].httpStatus,
      { errors: [formatted] },
      wantsGraphql ? 'application/graphql-response+json' : 'application/json',
    );
  }

  /** Answers 405, and says what would be allowed. */
  refuseMethod(allowed: string): void {
    this.response.setHeader('allow', allowed);
    this.sendError(new CodedError('INVALID_INPUT', `This path takes ${allowed}.`), 405);
  }

  /** Aborted when the client has gone before its answer was complete. */
  abortSignal(): AbortSignal {
    const controller = new AbortController();
    this.response.once('close', () => {
      if (!this.response.writableFinished) controller.abort();
    });
    return controller.signal;
  }
}
