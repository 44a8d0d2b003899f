import pg from 'pg';

/**
 * What a batch with one Sync needs of pg beyond what it documents. pg takes foreign classes of queries in pipeline mode only when they
 * extend its own, and reads their name and text at ParseComplete. The version of pg is pinned, and test/pgPrivates.test.ts names each part.
 */
export interface PgConnection extends PgMessages {
  readonly stream: { destroy(error: Error): void };
  /** Text by name of what this connection has prepared. */
  readonly parsedStatements: Record<string, string>;
  _send(bytes: Uint8Array): void;
}

/** Each writes one message, by way of `_send`. */
export interface PgMessages {
  parse(message: { readonly name: string; readonly text: string }): void;
  bind(message: { readonly portal: string; readonly statement: string; readonly values: readonly unknown[] }): void;
  describe(message: { readonly type: 'P'; readonly name: string }): void;
  execute(message: { readonly portal: string }): void;
  sync(): void;
}

export interface PgField {
  readonly name: string;
  readonly dataTypeID: number;
}

/** The query that pg's client sends and tells of what comes back, as far as it calls it here. */
export interface PgQuery {
  name: string;
  text: string;
  submit(connection: PgConnection): Error | null;
  handleRowDescription(message: { readonly fields: readonly PgField[] }): void;
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void;
  handleCommandComplete(message: unknown, connection: PgConnection): void;
  handleReadyForQuery(connection: PgConnection): void;
  handleError(error: Error, connection: PgConnection): void;
}

/** Makes one piece of all messages that `write` says, so that they are one write to the socket. */
export function inOnePiece(connection: PgConnection, write: (messages: PgMessages) => void): void {
  const collector = collectors.get(connection) ?? newCollector(connection);
  write(collector);
  connection._send(Buffer.concat(collector.pieces.splice(0)));
}

type Collector = PgMessages & { readonly pieces: Uint8Array[] };
const collectors = new WeakMap<PgConnection, Collector>();

function newCollector(connection: PgConnection): Collector {
  const pieces: Uint8Array[] = [];
  const collector = Object.create(connection, {
    pieces: { value: pieces },
    _send: { value: (bytes: Uint8Array) => void pieces.push(bytes) },
  }) as PgConnection & Collector;
  collectors.set(connection, collector);
  return collector;
}

export const PgQueryClass = pg.Query as unknown as new (config: { readonly text: string }) => PgQuery;

const { utils } = pg as unknown as { utils: { prepareValue(value: unknown): unknown } };

/** A value as it travels: text, bytes or null. */
export function toWire(value: unknown): unknown {
  return utils.prepareValue(value);
}
