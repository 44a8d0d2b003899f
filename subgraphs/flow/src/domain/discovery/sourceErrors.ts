/**
 * The register of what can be wrong with a source. Fatal codes end the import and are thrown as SourceError; row codes
 * cost one row, which is counted and kept with its line, code and message.
 */
export const fatalSourceErrors = {
  EMPTY_SOURCE: 'The source has no content.',
  BINARY_SOURCE: 'The source is not text.',
  WRONG_FORMAT: 'The content is not in the format that was declared.',
  HEADER_ONLY: 'There is a header line and no row below it.',
  TRUNCATED_SOURCE: 'The JSON document ends before it is complete.',
  TOO_MANY_COLUMNS: 'There are more columns than a source may have.',
  LINE_TOO_LONG: 'A line that is needed to read the rest is longer than a record may be.',
  ENCRYPTED_SOURCE: 'The archive or workbook is protected by a password.',
  OLD_WORKBOOK: 'The workbook is in the format from before 2007.',
  OPEN_DOCUMENT: 'The source is a document of another office suite.',
  NESTED_ARCHIVE: 'The archive holds another archive.',
  ARCHIVE_TOO_LARGE: 'The archive has too many members or unpacks to too much.',
  NO_SUCH_SHEET: 'The source has no sheet of that name.',
  NO_USABLE_ROWS: 'Every row was rejected.',
  NO_NAME_COLUMN: 'No column can name the assets.',
} as const;

export const rowErrors = {
  RAGGED_ROW: 'The row has another number of cells than the header.',
  BROKEN_QUOTE: 'A quoted cell is not closed, or text follows its closing quote.',
  BROKEN_ENCODING: 'The row holds bytes or characters that cannot be text.',
  LINE_TOO_LONG: 'The record is longer than a record may be.',
  TOO_MANY_COLUMNS: 'The record has more fields than a source may have columns.',
  TOO_DEEP: 'The record is nested deeper than can be kept.',
  INVALID_JSON: 'The record is not valid JSON.',
  NOT_AN_OBJECT: 'The record is a bare value, not an object with named fields.',
  MISSING_NAME: 'Nothing in the row can name the asset.',
  VALUE_TOO_LONG: 'A mapped cell is longer than its field takes.',
  FORMULA_CELL: 'A mapped cell is a spreadsheet formula.',
  INVALID_ADDRESS: 'The IP address is not one.',
  INVALID_DATE: 'The date cannot be read.',
  DUPLICATE_KEY: 'An earlier row of the same source has the same key.',
  MISSING_ENDPOINT: 'A connection lacks the asset that it starts or ends at.',
  SELF_DEPENDENCY: 'A connection starts and ends at the same asset.',
} as const;

export type FatalSourceErrorCode = keyof typeof fatalSourceErrors;
export type RowErrorCode = keyof typeof rowErrors;

/** The source as a whole cannot be imported. The message says what to do about it. Trying again cannot help. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly retryable = false;
  readonly passing = false;

  constructor(
    readonly code: FatalSourceErrorCode,
    message: string,
  ) {
    // Messages quote the source: NUL and half surrogate pairs must not reach the database.
    super(message.slice(0, 1_000).toWellFormed().replaceAll('\0', '\uFFFD'));
  }
}

/** Whether `error` is a SourceError, also one from another copy of this module (a worker, a test's sandbox). */
export function isSourceError(error: unknown): error is SourceError {
  return (
    error instanceof SourceError ||
    (typeof error === 'object' &&
      error !== null &&
      'name' in error &&
      error.name === 'SourceError' &&
      'code' in error &&
      typeof error.code === 'string' &&
      error.code in fatalSourceErrors)
  );
}
