import { connectionHash, operationHash, signContext, type GatewaySecrets } from '@tributary/auth';
import type { MutualTls } from '@tributary/commands';
import { CodedError } from '@tributary/contracts/errors';
import { newUuid } from '@tributary/kernel';
import { type Principal } from '@tributary/contracts/principal';
import type { Logger } from '@tributary/observability';
import type { ExecutionResult } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { CallLimit } from '../calls/CallLimit.js';
import type { SubgraphCall } from '../calls/SubgraphCall.js';
import { operationText } from './operationText.js';
import { requestContextOf } from './requestContext.js';
import { UpstreamEvents } from './UpstreamEvents.js';

export interface SubgraphSocketOptions {
  readonly subgraph: string;
  readonly url: string;
  readonly tls: MutualTls | null;
  readonly secrets: GatewaySecrets;
  readonly logger: Logger;
}

const acknowledgeMs = 5_000;
const pingMs = 10_000;
const pongMs = 5_000;

/**
 * The one socket to a subgraph that all subscriptions of this gateway share, whoever they are for: the socket is the
 * gateway's own, and each subscribe message carries the context of its caller, signed for that message. A lost socket
 * ends its subscriptions with SERVICE_UNAVAILABLE; the next subscription opens another.
 */
export class SubgraphSocket {
  private readonly client: Client;
  private readonly open = new Set<UpstreamEvents>();
  private pongTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: SubgraphSocketOptions) {
    this.client = createClient({
      url: options.url,
      webSocketImpl: socketWith(options.tls),
      connectionParams: () => ({ context: this.connectionToken() }),
      connectionAckWaitTimeout: acknowledgeMs,
      // It closes with its last subscription: a timer that waits for another would outlive a gateway that has closed.
      lazyCloseTimeout: 0,
      keepAlive: pingMs,
      // It would send the same subscribe messages again, whose contexts are used up.
      retryAttempts: 0,
      on: {
        ping: (received) => {
          if (received) return;
          this.pongTimer = setTimeout(() => this.client.terminate(), pongMs);
          this.pongTimer.unref();
        },
        pong: () => clearTimeout(this.pongTimer),
        closed: () => clearTimeout(this.pongTimer),
      },
    });
  }

  subscribe(request: SubgraphCall, limit: CallLimit): UpstreamEvents {
    const context = requestContextOf(request.context, Number.MAX_SAFE_INTEGER, true);
    const query = operationText(request.document).text;
    const { variables, operationName } = request;
    const token = signContext(context.principal, {
      audience: this.options.subgraph,
      requestId: context.requestId,
      bodySha256: operationHash({ query, variables, operationName }),
      secrets: this.options.secrets,
    });
    let unsubscribe = (): void => undefined;
    const events = new UpstreamEvents(() => unsubscribe());
    this.open.add(events);
    limit.onGivenUp(() => void events.return());
    unsubscribe = this.client.subscribe(
      { query, variables: variables ?? null, operationName: operationName ?? null, extensions: { context: token } },
      {
        next: (event) => events.push(event as ExecutionResult),
        error: (cause) => {
          this.open.delete(events);
          if (Array.isArray(cause)) events.push({ errors: cause as ExecutionResult['errors'] });
          else events.fail(this.lost(cause));
          events.end();
        },
        complete: () => {
          this.open.delete(events);
          events.end();
        },
      },
    );
    return events;
  }

  async close(): Promise<void> {
    clearTimeout(this.pongTimer);
    for (const events of this.open)
      events.fail(new CodedError('SERVICE_UNAVAILABLE', 'The gateway is stopping. Connect again.'));
    await this.client.dispose();
  }

  private connectionToken(): string {
    return signContext(gatewayItself, {
      audience: this.options.subgraph,
      requestId: newUuid(),
      bodySha256: connectionHash,
      secrets: this.options.secrets,
    });
  }

  private lost(cause: unknown): CodedError {
    this.options.logger.warn(
      { subgraph: this.options.subgraph, reason: describe(cause) },
      'The socket to a subgraph was lost.',
    );
    return new CodedError(
      'SERVICE_UNAVAILABLE',
      'The part of the system behind this subscription is not reachable just now. Subscribe again from the last cursor that you got.',
      {
        subgraph: this.options.subgraph,
      },
    );
  }
}

/** Opens the socket and may do nothing on it: a key without scopes, in no workspace. */
const gatewayItself: Principal = {
  workspaceId: '00000000-0000-0000-0000-000000000000',
  actor: { kind: 'apiKey', id: '00000000-0000-0000-0000-000000000000' },
  role: 'VIEWER',
  scopes: [],
};

/** The client takes a class, and hands it address and protocols only. */
function socketWith(tls: MutualTls | null): new (address: string | URL, protocols?: string | string[]) => WebSocket {
  if (!tls) return WebSocket;
  const { cert, key, ca } = tls;
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { cert, key, ca });
    }
  };
}

function describe(cause: unknown): string {
  if (cause instanceof Error) return cause.message;
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return `closed with ${String(cause.code)}`;
  return String(cause);
}
