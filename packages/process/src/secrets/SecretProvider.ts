/** A place that keeps secrets, asked once at start. */
export interface SecretProvider {
  /**
   * The fields of what is kept at `path`; a plain text is the one field `''`. Throws a SecretError, whose message names no value.
   */
  read(path: string): Promise<Readonly<Record<string, string>>>;
}

/** A secret that cannot be had. The message says why and what to do, and holds no secret. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}
