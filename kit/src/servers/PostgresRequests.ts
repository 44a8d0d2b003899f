/** One whole message of a PostgreSQL client. */
export interface PostgresRequest {
  readonly bytes: Buffer;
  /** A COMMIT of a transaction that did not begin `read only`. */
  readonly isWritingCommit: boolean;
  /** Prepared statements that ran in the transaction so far, by the names that the client gave them. */
  readonly statements: readonly string[];
}

const simpleQuery = 'Q'.charCodeAt(0);
const bind = 'B'.charCodeAt(0);
/** Of a start-up message; the other messages without a type byte (TLS, cancel) have reserved numbers. */
const protocolMajor = 3;

/** Cuts the bytes that a client sends to PostgreSQL into its messages, and keeps what is not whole yet. */
export class PostgresRequests {
  private rest: Buffer = Buffer.alloc(0);
  private started = false;
  private readOnly = false;
  private statements: string[] = [];

  /** The messages that are whole with `chunk`. */
  take(chunk: Buffer): PostgresRequest[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const requests: PostgresRequest[] = [];
    for (;;) {
      const typeBytes = this.started ? 1 : 0;
      if (this.rest.length < typeBytes + 4) return requests;
      const length = typeBytes + this.rest.readInt32BE(typeBytes);
      if (this.rest.length < length) return requests;
      const bytes = this.rest.subarray(0, length);
      this.rest = this.rest.subarray(length);
      const isWritingCommit = this.isWritingCommit(bytes);
      requests.push({ bytes, isWritingCommit, statements: this.statements });
    }
  }

  private isWritingCommit(bytes: Buffer): boolean {
    if (!this.started) {
      this.started = bytes.length >= 8 && bytes.readUInt16BE(4) === protocolMajor;
      return false;
    }
    if (bytes[0] === bind) {
      const statementAt = bytes.indexOf(0, 5) + 1;
      this.statements.push(bytes.toString('utf8', statementAt, bytes.indexOf(0, statementAt)));
    }
    if (bytes[0] !== simpleQuery) return false;
    const text = bytes.toString('utf8', 5, bytes.length - 1).trim();
    if (/^begin\b/i.test(text)) {
      this.readOnly = /\bread only\b/i.test(text);
      this.statements = [];
    }
    return /^commit\b/i.test(text) && !this.readOnly;
  }
}
