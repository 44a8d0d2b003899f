import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform, type TransformCallback } from 'node:stream';
import { PostgresRequests } from './PostgresRequests.js';

/**
 * What becomes of a transaction whose COMMIT came by: `pass` lets it be; `afterCommit` hands COMMIT to PostgreSQL and cuts the
 * connection before the answer, so it is done and nobody hears of it; `beforeCommit` cuts in front of COMMIT, so it is rolled back. A
 * client cannot tell the last two apart.
 */
export type CommitFate = 'pass' | 'afterCommit' | 'beforeCommit';

/** A hop in front of PostgreSQL that reads its wire protocol and breaks connections at COMMIT. */
export interface CommitCutter extends AsyncDisposable {
  /** On 127.0.0.1. Clients connect without TLS. */
  readonly port: number;
  /** COMMITs of transactions that may write, of all connections so far. Those that began `read only` are not counted. */
  readonly commits: number;
  /** Connections that were cut so far. */
  readonly cuts: number;
  /**
   * Asked at every COMMIT that is counted, with its number from 1 and the names of the prepared statements of its transaction. `null` (at
   * first) lets all pass.
   */
  decide: ((commit: number, statements: readonly string[]) => CommitFate) | null;
  close(): Promise<void>;
}

/** Starts a commit cutter on a free port of 127.0.0.1 in front of the PostgreSQL at `targetPort`. */
export async function startCommitCutter(targetPort: number, targetHost = '127.0.0.1'): Promise<CommitCutter> {
  const sockets = new Set<Socket>();
  let commits = 0;
  let cuts = 0;

  const server = createServer((client) => {
    const upstream = connect({ port: targetPort, host: targetHost });
    const requests = new PostgresRequests();
    let isCut = false;
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        // PostgreSQL must still read what was sent before a cut; it hangs up by itself.
        if (!(isCut && socket === client)) other.destroy();
      });
    }
    const cut = () => {
      isCut = true;
      cuts += 1;
      upstream.unpipe(client).resume();
      client.resetAndDestroy();
    };
    const watch = new Transform({
      transform(chunk: Buffer, _encoding, done: TransformCallback) {
        if (isCut) return done();
        for (const request of requests.take(chunk)) {
          if (request.isWritingCommit) commits += 1;
          const fate = (request.isWritingCommit && cutter.decide?.(commits, request.statements)) || 'pass';
          if (fate !== 'beforeCommit') this.push(request.bytes);
          if (fate === 'pass') continue;
          // Ends the connection in order, behind all that was sent.
          this.push(null);
          cut();
          break;
        }
        done();
      },
    });
    client.pipe(watch).pipe(upstream);
    upstream.pipe(client);
  });

  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const cutter: CommitCutter = {
    get port() {
      return (server.address() as AddressInfo).port;
    },
    get commits() {
      return commits;
    },
    get cuts() {
      return cuts;
    },
    decide: null,
    close,
    [Symbol.asyncDispose]: close,
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return cutter;
}
