import type { IncomingMessage } from 'node:http';
import express from 'express';
import type { NextFunction, Request, Response } from 'express';
import { bodyHash, contextHeader } from '@tributary/auth';
import { commandInputHeader } from '@tributary/commands';
import { CodedError } from '@tributary/contracts/errors';
import { continueTrace } from '@tributary/observability';
import type { Logger } from '@tributary/observability';
import { contextOf, header, maxBodyBytes } from './callerOf.js';
import type { GraphqlContext } from './GraphqlContext.js';
import { addHealthRoutes } from './HealthServer.js';
import { refuse } from './refuse.js';
import type { SubgraphServerOptions } from './SubgraphServerOptions.js';
import { isKnownPeer, needsCertificate } from './tlsPeers.js';

/** Health and figures for everybody, internal commands for signed callers, and a refusal for all else. */
export function addRoutes(app: express.Express, options: SubgraphServerOptions): void {
  const { subgraph, verifier } = options;
  addHealthRoutes(app, options.isReady, undefined, options.missingParts);
  if (options.tls) {
    app.use((req, _res, next) =>
      next(isKnownPeer(req) ? undefined : new CodedError('INVALID_CREDENTIALS', needsCertificate)),
    );
  }
  const rawBodies = new WeakMap<IncomingMessage, Buffer>();
  const json = express.json({
    limit: maxBodyBytes,
    strict: false,
    verify: (req, _, raw) => void rawBodies.set(req, raw),
  });
  const hashOf = (req: Request) => bodyHash(rawBodies.get(req) ?? '');

  app.post('/internal/:command', (req, res, next) => {
    const name = req.params['command'] ?? '';
    const command = subgraph.commands.find(subgraph.name, name);
    const audience = `commands:${subgraph.name}`;
    if (command?.streams) {
      const input = Buffer.from(header(req, commandInputHeader) ?? '', 'base64url').toString('utf8');
      const context = contextOf(
        req,
        verifier.verify(header(req, contextHeader), { audience, bodySha256: bodyHash(input) }),
        null,
      );
      void answerCommand(
        res,
        subgraph.commands.run(subgraph.name, name, JSON.parse(input), context, req),
        options.logger,
        context,
      );
      return;
    }
    json(req, res, (error?: unknown) => {
      if (error) return next(error);
      try {
        const context = contextOf(
          req,
          verifier.verify(header(req, contextHeader), { audience, bodySha256: hashOf(req) }),
          options.commandTimeoutMs,
        );
        void continueTrace(req.headers, () =>
          answerCommand(res, subgraph.commands.run(subgraph.name, name, req.body, context), options.logger, context),
        );
      } catch (refusal) {
        next(refusal);
      }
    });
  });

  app.use((_, __, next) => next(new CodedError('RESOURCE_NOT_FOUND', 'There is nothing at this path.')));
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) =>
    refuse(res, error, header(req, 'x-request-id') ?? '', options.logger),
  );
}

async function answerCommand(
  res: Response,
  answer: Promise<unknown>,
  logger: Logger,
  context: GraphqlContext,
): Promise<void> {
  try {
    res.json({ output: (await answer) ?? null });
  } catch (error) {
    refuse(res, error, context.requestId, logger);
  }
}
