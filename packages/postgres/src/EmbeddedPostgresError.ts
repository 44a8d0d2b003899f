/** Why the embedded PostgreSQL is not running, for callers that decide by it. */
export type EmbeddedPostgresFailure =
  /** npm has no PostgreSQL for this platform, its package is not installed, or this system cannot run it. */
  | 'binariesMissing'
  /** The data folder cannot be created, read or written, or belongs to another user. */
  | 'notWritable'
  /** Another live process has this data folder open. */
  | 'inUse'
  /** The data was written by another major version of PostgreSQL. */
  | 'versionMismatch'
  | 'portTaken'
  | 'sharedMemory'
  /** This process is root, PostgreSQL refuses root, and the system does not let us run it as somebody else. */
  | 'rootRefused'
  /** PostgreSQL refused to initialise, start or go on; the message carries the end of its log. */
  | 'failed';

/** Its message is meant for the operator, whole: what happened, and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    readonly reason: EmbeddedPostgresFailure,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
