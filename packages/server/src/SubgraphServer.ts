import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import express from 'express';
import { addRoutes } from './commandRoutes.js';
import type { GraphqlContext } from './GraphqlContext.js';
import { KnownDocuments } from './KnownDocuments.js';
import { apolloOver } from './graphqlEndpoint.js';
import { graphqlRoute } from './graphqlRoute.js';
import type { SubgraphServerOptions } from './SubgraphServerOptions.js';
import { serveSockets } from './subgraphSockets.js';
import { tlsOptions } from './tlsPeers.js';

/**
 * A subgraph as a process of its own: GraphQL over HTTP and graphql-ws, internal commands, health and figures. Whoever calls it is known
 * by a signed context bound to the request, and by nothing else.
 */
export class SubgraphServer implements AsyncDisposable {
  private constructor(
    private readonly server: Server,
    private readonly apollo: ApolloServer<GraphqlContext>,
    private readonly sockets: { dispose: () => void | Promise<void> },
    readonly port: number,
  ) {}

  static async start(options: SubgraphServerOptions): Promise<SubgraphServer> {
    const app = express();
    let graphql: ((req: IncomingMessage, res: ServerResponse) => void) | null = null;
    // Nearly every request is one of these, and needs nothing of what Express does for it.
    const listener = (req: IncomingMessage, res: ServerResponse): void => {
      if (graphql && req.method === 'POST' && req.url === '/graphql') graphql(req, res);
      else app(req, res);
    };
    const server = options.tls ? createTlsServer(tlsOptions(options.tls), listener) : createServer(listener);
    // Both doors read its schema when they are made.
    await options.subgraph.load();
    const documents = new KnownDocuments();
    const apollo = apolloOver(options.subgraph, server, documents, options.logger);
    await apollo.start();
    const sockets = serveSockets(server, options);
    graphql = graphqlRoute(apollo, documents, options);
    addRoutes(app, options);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, resolve);
    });
    const address = server.address();
    return new SubgraphServer(
      server,
      apollo,
      sockets,
      typeof address === 'object' && address ? address.port : options.port,
    );
  }

  /** Closes sockets with a resumable code, lets requests finish, then stops listening. */
  async close(): Promise<void> {
    await this.sockets.dispose();
    await this.apollo.stop();
    this.server.closeAllConnections();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
