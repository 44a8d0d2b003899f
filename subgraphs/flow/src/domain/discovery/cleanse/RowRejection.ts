import type { RowErrorCode } from '../sourceErrors.js';

/** Thrown while a row is cleansed; becomes a rejected row and goes no further. */
export class RowRejection extends Error {
  override readonly name = 'RowRejection';

  constructor(
    readonly code: RowErrorCode,
    message: string,
  ) {
    super(message);
  }
}
