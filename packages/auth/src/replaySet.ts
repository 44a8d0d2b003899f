/**
 * Remembers ids until they expire, and nothing longer: ids are kept in one set for each ten seconds of expiry, and a set
 * whose time is over is dropped whole. So memory is bounded by what arrives in one life, and no timer is needed.
 */
export class ReplaySet {
  private readonly buckets = new Map<number, Set<string>>();

  /** False when the id was added before and has not expired. `expiresAt` is in unix seconds. */
  add(id: string, expiresAt: number, now = Date.now() / 1000): boolean {
    const bucket = Math.floor(expiresAt / 10);
    let ids = this.buckets.get(bucket);
    if (!ids) {
      this.dropExpired(now);
      ids = new Set();
      this.buckets.set(bucket, ids);
    }
    if (ids.has(id)) return false;
    ids.add(id);
    return true;
  }

  /** How many ids are remembered. */
  get size(): number {
    let size = 0;
    for (const ids of this.buckets.values()) size += ids.size;
    return size;
  }

  private dropExpired(now: number): void {
    for (const bucket of this.buckets.keys()) {
      if ((bucket + 1) * 10 <= now) this.buckets.delete(bucket);
    }
  }
}
