interface Told {
  /** Below, in small letters. */
  readonly description?: string;
  /** How long it stands there. */
  readonly duration?: number;
}

/** Tells that something was done. The library comes when it is needed first. */
export function tellDone(text: string): void {
  void import('sonner').then(({ toast }) => toast.success(text));
}

/** Tells why something was not done. */
export function tellRefused(text: string, told: Told = {}): void {
  void import('sonner').then(({ toast }) => toast.error(text, told));
}
