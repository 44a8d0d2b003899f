import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { CodedError } from '@tributary/contracts/errors';
import {
  continueTrace,
  metricsRegistry,
  metricsText,
  type Logger,
  type MetricsSnapshot,
} from '@tributary/observability';
import { buildVersion } from '@tributary/process';
import type { Console } from './console/Console.js';
import type { Sandbox } from './sandbox/Sandbox.js';
import type { SocketServer } from './sockets/SocketServer.js';
import { applyCors } from './http/cors.js';
import { HttpExchange } from './http/HttpExchange.js';
import type { Readiness } from './Readiness.js';
import { noteExchange } from './http/noteExchange.js';
import type { RestRoute } from './http/RestRoute.js';

export interface HttpServerOptions {
  /** Answers `/graphql`. */
  readonly graphql: (exchange: HttpExchange) => Promise<void>;
  readonly sockets: SocketServer | null;
  readonly routes: readonly RestRoute[];
  readonly readiness: Readiness;
  /** Shown at `/metrics` with those of this process. */
  readonly otherMetrics?: () => readonly MetricsSnapshot[];
  /** The page for browsers at `/graphql`, and its files. */
  readonly sandbox: Sandbox | null;
  /** The console at `/console`. */
  readonly console: Console | null;
  readonly corsOrigins: readonly string[];
  readonly logger: Logger;
}

export interface ListenOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** The gateway's one port: GraphQL, graphql-ws, the routes beside it, health and metrics. */
export class HttpServer {
  private readonly server: Server;
  private inFlight = 0;
  private idle: (() => void)[] = [];

  constructor(private readonly options: HttpServerOptions) {
    this.server = createServer(
      { requestTimeout: 0, headersTimeout: 10_000, keepAliveTimeout: 65_000 },
      (request, response) => {
        void this.handle(request, response);
      },
    );
    this.server.on('upgrade', (request, connection, head) => this.upgrade(request, connection, head));
  }

  /** Rejects with Node's own error when the port is taken or the host is not this machine's. */
  async listen({ host, port }: ListenOptions): Promise<AddressInfo> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    return this.server.address() as AddressInfo;
  }

  /** Takes no new connections. Those that are open may finish what they are at. */
  stop(): void {
    if (this.server.listening) this.server.close();
  }

  /** Resolves when every request is answered, those apart whose answer is a stream. */
  whenIdle(): Promise<void> {
    return this.inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.idle.push(resolve));
  }

  /** Ends every connection. Streams are cut rather than completed, so that their clients come back. */
  kill(): void {
    this.server.closeAllConnections();
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = new HttpExchange(request, response, this.options.logger);
    const finished = this.track();
    exchange.onStreaming = finished;
    try {
      if (applyCors(exchange, this.options.corsOrigins)) return;
      await continueTrace(request.headers, () => this.route(exchange));
    } catch (error) {
      exchange.sendError(error);
    } finally {
      finished();
    }
  }

  /** Counts a request as in flight until what it returns is called. */
  private track(): () => void {
    this.inFlight += 1;
    let counted = true;
    return () => {
      if (!counted) return;
      counted = false;
      this.inFlight -= 1;
      if (this.inFlight === 0) for (const resolve of this.idle.splice(0)) resolve();
    };
  }

  private async route(exchange: HttpExchange): Promise<void> {
    const { options } = this;
    const { path } = exchange;
    if (path === '/graphql') {
      if (options.sandbox?.wants(exchange)) options.sandbox.servePage(exchange);
      else await options.graphql(exchange);
      return;
    }
    if (path === '/health/live') return exchange.sendJson(200, { status: 'live' });
    if (path === '/health/ready' || path === '/health') {
      const report = await options.readiness.report();
      const status = report.status === 'ready' || report.status === 'degraded' ? 200 : 503;
      return exchange.sendJson(status, path === '/health' ? { ...report, ...buildVersion } : report);
    }
    if (path === '/metrics') {
      const text = await metricsText(options.otherMetrics?.() ?? []);
      return exchange.send(200, text, metricsRegistry.contentType);
    }
    if (path === '/' && exchange.request.method === 'GET' && (options.console ?? options.sandbox)) {
      exchange.response.writeHead(302, { location: options.console ? '/console' : '/graphql' }).end();
      return;
    }
    if (options.console?.owns(path)) return options.console.serve(exchange);
    if (options.sandbox?.serveFile(exchange)) return;
    await this.routeRest(exchange);
  }

  private async routeRest(exchange: HttpExchange): Promise<void> {
    const here = this.options.routes.filter((route) => route.path === exchange.path);
    const route = here.find((candidate) => candidate.method === exchange.request.method);
    if (route) await this.handleRest(route, exchange);
    else if (here.length > 0) exchange.refuseMethod(here.map((candidate) => candidate.method).join(', '));
    else
      exchange.sendError(
        new CodedError('RESOURCE_NOT_FOUND', 'There is nothing at this path. The graph is at /graphql.'),
      );
  }

  private async handleRest(route: RestRoute, exchange: HttpExchange): Promise<void> {
    const started = performance.now();
    try {
      await route.handle(exchange, { logger: this.options.logger });
    } catch (error) {
      exchange.sendError(error);
    }
    if (route.event) noteExchange(route.event, exchange, started);
  }

  private upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    connection.on('error', () => connection.destroy());
    const path = (request.url ?? '').split('?', 1)[0]!.replace(/\/$/, '');
    if (path === '/graphql' && this.options.sockets) this.options.sockets.upgrade(request, connection, head);
    else connection.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  }
}
