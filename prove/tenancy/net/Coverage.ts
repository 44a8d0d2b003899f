/** What of the graph and of the routes a run has attacked, and what of it has ever shown something to its rightful reader. */
export class Coverage {
  readonly #needed: Set<string>;
  readonly #attacked = new Set<string>();
  readonly #shown = new Set<string>();

  constructor(needed: Iterable<string>) {
    this.#needed = new Set(needed);
  }

  /** Adds to what must be covered. */
  need(names: Iterable<string>): void {
    for (const name of names) this.#needed.add(name);
  }

  attacked(names: Iterable<string>): void {
    for (const name of names) this.#attacked.add(name);
  }

  shown(name: string): void {
    this.#shown.add(name);
  }

  get total(): number {
    return this.#needed.size;
  }

  get covered(): number {
    return this.total - this.missing().length;
  }

  /** What no request has asked for. */
  missing(): string[] {
    return [...this.#needed].filter((name) => !this.#attacked.has(name));
  }

  /** Of these, what has never shown anything. */
  neverShown(names: Iterable<string>): string[] {
    return [...names].filter((name) => !this.#shown.has(name));
  }
}
