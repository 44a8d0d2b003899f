/** What comes one by one, handed on in batches: the first at once, then what has gathered, once every `everyMs`. */
export class Batches<Item> {
  private gathered: Item[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private deliveredAt = -Infinity;

  constructor(
    private readonly deliver: (items: readonly Item[]) => void,
    private readonly everyMs: number,
  ) {}

  add(item: Item): void {
    this.gathered.push(item);
    const wait = this.deliveredAt + this.everyMs - performance.now();
    if (wait <= 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), wait);
  }

  /** Hands on what there is, without waiting. */
  flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const items = this.gathered;
    this.gathered = [];
    if (items.length === 0) return;
    this.deliveredAt = performance.now();
    this.deliver(items);
  }

  /** Nothing is handed on any more. */
  drop(): void {
    this.gathered = [];
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }
}
