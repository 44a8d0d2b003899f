import { InOrder } from './InOrder.js';

/** Where chunks end. Part of a checkpoint: a flow keeps its borders, so that a chunk that comes again is the same chunk. */
export interface ChunkBorders {
  readonly maxItems: number;
  /** Weight at which a chunk is full, in whatever `weigh` counts. */
  readonly maxWeight: number;
}

export interface NumberedChunksOptions<Item, Outcome> {
  readonly borders: ChunkBorders;
  /** Chunks before this one have been sent and counted: they are only counted off. */
  readonly first: number;
  readonly inFlight: number;
  readonly weigh: (item: Item) => number;
  readonly send: (chunk: number, items: Item[]) => Promise<Outcome>;
  /** Called in the order of the chunks. `position` is what `add` was told with the chunk's last item. */
  readonly onOutcome: (chunk: number, outcome: Outcome, position: number) => Promise<void>;
}

/** Cuts a sequence of items into numbered chunks and sends a few of them side by side. The same items make the same chunks. */
export class NumberedChunks<Item, Outcome> {
  private readonly sending: InOrder<{ chunk: number; outcome: Outcome; position: number }>;
  private items: Item[] = [];
  private weight = 0;
  private next = 0;

  constructor(private readonly options: NumberedChunksOptions<Item, Outcome>) {
    this.sending = new InOrder(options.inFlight, ({ chunk, outcome, position }) =>
      options.onOutcome(chunk, outcome, position),
    );
  }

  async add(item: Item, position: number): Promise<void> {
    const { borders, weigh } = this.options;
    this.items.push(item);
    this.weight += weigh(item);
    if (this.items.length >= borders.maxItems || this.weight >= borders.maxWeight) await this.cut(position);
  }

  /** Sends what is left and waits for all outcomes. */
  async finish(position: number): Promise<void> {
    if (this.items.length > 0) await this.cut(position);
    await this.sending.finish();
  }

  private async cut(position: number): Promise<void> {
    const { items } = this;
    const chunk = this.next;
    this.items = [];
    this.weight = 0;
    this.next += 1;
    if (chunk < this.options.first) return;
    await this.sending.start(async () => ({ chunk, position, outcome: await this.options.send(chunk, items) }));
  }
}
