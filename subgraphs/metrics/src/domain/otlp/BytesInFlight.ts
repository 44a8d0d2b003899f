import { CodedError } from '@tributary/contracts/errors';

/** How much of requests this process holds at once, so that many large ones do not fill its memory. */
export class BytesInFlight {
  private bytes = 0;

  constructor(private readonly most: number) {}

  /** Throws RATE_LIMIT_EXCEEDED when that is more than this process holds. */
  take(bytes: number): void {
    if (this.bytes + bytes > this.most)
      throw new CodedError(
        'RATE_LIMIT_EXCEEDED',
        'Too many traces are being taken in just now. Send them again in a second.',
        {
          limit: 'otlpBytesInFlight',
          retryAfterSeconds: 1,
        },
      );
    this.bytes += bytes;
  }

  give(bytes: number): void {
    this.bytes -= bytes;
  }
}
