import { createHash } from 'node:crypto';
import { logEvent, type EventLine, type Logger } from '@tributary/observability';
import type { OperationRequest } from '../operations/OperationRequest.js';
import type { OperationOutcome } from '../result/operationOutcome.js';
import type { PreparedOperation } from '../upstream/PreparedOperation.js';

/** Tells the log of each operation that failed, and of a part of those that went well: whoever is told a request id finds its line. */
export class OperationLog {
  constructor(
    private readonly logger: Logger,
    /** 0 to 1. */
    private readonly loggedShare: number,
  ) {}

  /** Of an operation that this gateway ran. `prepared`: null when it was refused before it was known what it is. */
  note(request: OperationRequest, prepared: PreparedOperation | null, outcome: OperationOutcome, tookMs: number): void {
    if (!this.logger.isLevelEnabled('info')) return;
    const code = failureOf(outcome);
    const line = {
      durationMs: tookMs,
      requestId: request.requestId,
      workspaceId: request.caller.identity?.principal.workspaceId ?? null,
    };
    this.tell(code, outcome.kind === 'stream' ? 'streaming' : 'ok', line, () => factsOf(prepared));
  }

  /** Of one that an edge passed on, or refused itself. */
  noteExchange({ failure, requestId, workspaceId, path }: AnsweredExchange, tookMs: number): void {
    this.tell(failure, 'ok', { durationMs: tookMs, requestId, workspaceId }, () => ({ path }));
  }

  private tell(
    failure: string | null,
    otherwise: string,
    line: Omit<EventLine, 'event' | 'status'>,
    facts: () => Facts,
  ): void {
    if (failure === null && this.loggedShare < 1 && Math.random() >= this.loggedShare) return;
    logEvent(this.logger, { event: 'operation', status: failure ?? otherwise, ...line }, facts());
  }
}

type Facts = Readonly<Record<string, string | number | null>>;

function factsOf(prepared: PreparedOperation | null): Facts {
  if (!prepared) return { operation: null };
  return {
    operation: prepared.operation.operation,
    // The id of a stored operation, and as good a name for any other: a text may hold what a person wrote into it.
    documentId: createHash('sha256').update(prepared.text).digest('hex'),
    cost: prepared.cost,
  };
}

/** What is told of a request when it is answered. */
interface AnsweredExchange {
  /** The code of the error that was answered. */
  readonly failure: string | null;
  readonly requestId: string;
  readonly workspaceId: string | null;
  readonly path: string;
}

/** The code of the first error that the caller is told; null when all went well. */
function failureOf(outcome: OperationOutcome): string | null {
  if (outcome.kind === 'stream') return null;
  const errors = outcome.kind === 'refused' ? outcome.errors : outcome.result.errors;
  return errors?.[0]?.extensions.code ?? null;
}
