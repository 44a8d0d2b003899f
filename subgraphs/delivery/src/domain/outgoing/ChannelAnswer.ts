/** What came back of a request or a mail. */
export interface ChannelAnswer {
  /** Of HTTP or SMTP. Null: nothing was answered. */
  readonly status: number | null;
  readonly text: string;
  readonly retryAfterMs: number | null;
}
