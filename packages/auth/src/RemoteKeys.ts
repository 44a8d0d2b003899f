import { CodedError } from '@tributary/contracts/errors';
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

export interface RemoteKeysOptions {
  /** Where the JWKS is, asked for at each fetch: discovery may have to find it first. */
  readonly url: () => Promise<string>;
  /** Keys are fetched at most once in this time, whatever tokens say and however fetching ends. Default 30,000 ms. */
  readonly intervalMs?: number;
}

const timeoutMs = 5_000;
const largestBytes = 512 * 1024;

/**
 * The keys of an issuer, over HTTP. While tokens come they are fetched anew each interval beside the work, so that a key which was
 * published that long before its first use refuses nobody; an unknown kid waits for a fetch only where one is due. Keys that were read
 * once stay good while the issuer cannot be reached.
 */
export class RemoteKeys {
  private keys: JWTVerifyGetKey | null = null;
  private fetching: Promise<void> | null = null;
  private fetchedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: RemoteKeysOptions) {}

  /** For jose. Throws SERVICE_UNAVAILABLE while no keys could be read at all. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const begun = this.refresh();
    if (!this.keys) await (begun ?? this.fetching);
    const { keys } = this;
    if (!keys) throw unavailable();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!this.fetching) throw error;
      await this.fetching;
      return this.keys!(header, token);
    }
  };

  /** Begins a fetch when one is due. Null: it is not. */
  private refresh(): Promise<void> | null {
    if (this.fetching || performance.now() - this.fetchedAt < (this.options.intervalMs ?? 30_000)) return null;
    this.fetching = this.fetch()
      // Keys of before are better than none.
      .catch(() => undefined)
      .finally(() => {
        this.fetching = null;
        this.fetchedAt = performance.now();
      });
    return this.fetching;
  }

  private async fetch(): Promise<void> {
    const response = await fetch(await this.options.url(), {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`The keys of the issuer could not be read: status ${response.status}.`);
    const text = await response.text();
    if (text.length > largestBytes) throw new Error('The keys of the issuer are too large.');
    const { keys } = JSON.parse(text) as JSONWebKeySet;
    // A shared secret among public keys would let everybody who reads them sign.
    this.keys = createLocalJWKSet({ keys: keys.filter((key) => key.kty !== 'oct') });
  }
}

function unavailable(): CodedError {
  return new CodedError(
    'SERVICE_UNAVAILABLE',
    'The keys that access tokens are checked with cannot be read now. Try again.',
  );
}
