/** Bounds what a process remembers: 10 MB of keys. */
const maxKnown = 100_000;

/**
 * Series that this process knows to be stored. Only what is committed may be told to it: one that was remembered before its transaction
 * rolled back would never be stored, and its traces would be missing from every figure.
 */
export class KnownSeries {
  private readonly known = new Set<string>();

  has(workspaceId: string, series: string): boolean {
    return this.known.has(`${workspaceId}/${series}`);
  }

  add(workspaceId: string, series: Iterable<string>): void {
    if (this.known.size >= maxKnown) this.known.clear();
    for (const each of series) this.known.add(`${workspaceId}/${each}`);
  }
}
