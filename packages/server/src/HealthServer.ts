import { createServer } from 'node:http';
import type { Server } from 'node:http';
import express from 'express';
import { collectProcessMetrics, metricsRegistry, metricsText } from '@tributary/observability';
import type { MetricsSnapshot } from '@tributary/observability';
import { buildVersion } from '@tributary/process';

/** `/health/live`, `/health/ready` (503 while `isReady` says no, `degraded` while parts of what it needs are missing), `/health` (that and the version) and `/metrics` of this process. */
export function addHealthRoutes(
  app: express.Express,
  isReady: () => Promise<boolean>,
  otherThreads: () => readonly MetricsSnapshot[] = () => [],
  missingParts: () => Promise<readonly string[]> = () => Promise.resolve([]),
): void {
  collectProcessMetrics();
  app.disable('x-powered-by');
  app.get('/health/live', (_, res) => void res.json({ status: 'live' }));
  app.get(['/health/ready', '/health'], async (req, res) => {
    const [ready, missing] = await Promise.all([isReady(), missingParts()]);
    const degraded = missing.length > 0 ? { degraded: missing } : {};
    const status = { status: !ready ? 'unavailable' : missing.length > 0 ? 'degraded' : 'ready', ...degraded };
    res.status(ready ? 200 : 503).json(req.path === '/health' ? { ...status, ...buildVersion } : status);
  });
  app.get('/metrics', async (_, res) => {
    res.type(metricsRegistry.contentType).send(await metricsText(otherThreads()));
  });
}

export interface HealthServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly isReady: () => Promise<boolean>;
  /** What other threads of the process have counted, to be shown with what this one has. Default: none. */
  readonly otherThreads?: () => readonly MetricsSnapshot[];
}

/** Health and figures of a process that serves nothing else, such as a worker. */
export class HealthServer implements AsyncDisposable {
  private constructor(private readonly server: Server) {}

  static async start(options: HealthServerOptions): Promise<HealthServer> {
    const app = express();
    addHealthRoutes(app, options.isReady, options.otherThreads);
    const server = createServer(app);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, resolve);
    });
    return new HealthServer(server);
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
