/** Something that takes spans over OTLP/HTTP and answers three questions about them. */
export interface Rival extends AsyncDisposable {
  readonly name: string;
  /** Sends one request in protobuf; false while it says that it has enough to do. */
  send(body: Buffer): Promise<boolean>;
  /** How many traces it counts. */
  count(): Promise<number>;
  /** By name: total cost and tokens, p95 by day, models by cost; each over the whole range. */
  readonly questions: Readonly<Record<string, (from: Date, to: Date) => Promise<unknown>>>;
}

/** Whether a request is to be sent again. Throws when it was refused for good. */
export async function isTaken(response: Response): Promise<boolean> {
  const text = await response.text();
  if (response.status === 429 || response.status === 503) return false;
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text.slice(0, 300)}`);
  return true;
}
