/** Says at most once in so many milliseconds that it is time: to save progress, to look around. */
export class Pace {
  private last = performance.now();

  constructor(private readonly everyMs = 500) {}

  isDue(): boolean {
    const now = performance.now();
    if (now - this.last < this.everyMs) return false;
    this.last = now;
    return true;
  }
}
