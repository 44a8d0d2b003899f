/** A row of table `rejected_row`. */
export interface RejectedRowRecord {
  readonly flowId: string;
  readonly line: number;
  readonly code: string;
  readonly message: string;
  readonly raw: Readonly<Record<string, unknown>>;
}
