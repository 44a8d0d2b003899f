import { Random } from '@tributary/kit';

/** From its first tick until just before the last one, milliseconds since 1970. */
export interface Episode {
  readonly begins: number;
  readonly ends: number;
}

export const everyMs = 60_000;

/** What rules measure: whether a group's condition holds at a tick follows from the seed alone, whoever asks and whenever. */
export class Episodes {
  readonly #drawn = new Map<string, readonly Episode[]>();
  readonly #seed: string;
  readonly #firstTick: number;
  readonly #count: number;

  /** `firstTick` is a whole multiple of the step; each group has `count` episodes. */
  constructor(seed: string, firstTick: number, count: number) {
    this.#seed = seed;
    this.#firstTick = firstTick;
    this.#count = count;
  }

  of(rule: string, group: string): readonly Episode[] {
    const name = `${this.#seed}/${rule}/${group}`;
    let episodes = this.#drawn.get(name);
    if (!episodes) this.#drawn.set(name, (episodes = this.#draw(new Random(name))));
    return episodes;
  }

  holds(rule: string, group: string, tick: number): boolean {
    return this.of(rule, group).some(({ begins, ends }) => begins <= tick && tick < ends);
  }

  /** The tick behind which nothing holds any more. */
  get lastTick(): number {
    return this.#firstTick + (this.#count + 1) * longest * 2 * everyMs;
  }

  /** So far apart that none of them flaps. */
  #draw(random: Random): Episode[] {
    const episodes: Episode[] = [];
    let at = this.#firstTick + random.between(1, longest) * everyMs;
    for (let made = 0; made < this.#count; made += 1) {
      const ends = at + random.between(shortest, longest) * everyMs;
      episodes.push({ begins: at, ends });
      at = ends + random.between(shortest, longest) * everyMs;
    }
    return episodes;
  }
}

const shortest = 8;
const longest = 12;
