export type Unsubscribe = () => Promise<void>;

/**
 * Carries hints between processes: "this stream has grown". A hint may be lost, doubled or late without harm, since the log is the
 * truth; so `publish` is never awaited and never throws.
 */
export interface Bus extends AsyncDisposable {
  publish(channel: string, message: string): void;
  /** Resolves when messages of `channel` reach `listener`. Listeners of one channel are independent of each other. */
  subscribe(channel: string, listener: (message: string) => void): Promise<Unsubscribe>;
  /** The same for all channels that fit `pattern`, in which one `*` stands for any text. */
  subscribePattern(pattern: string, listener: (channel: string, message: string) => void): Promise<Unsubscribe>;
  /** Calls `listener` whenever messages may have been missed: after the connection was lost and came back. */
  onGap(listener: () => void): () => void;
  /** Whether hints travel at the moment. */
  isConnected(): boolean;
  close(): Promise<void>;
}
