import { pathOf, type EntityPath, type Place } from './entityPath.js';
import { copyOf, isFields, mergeInto } from './mergeInto.js';
import { identityOf, type Representation } from './representations.js';

type Fields = Record<string, unknown>;

/** What one call asks for: each entity once, however often it stands in the answer. */
export class Representations {
  readonly list: Fields[] = [];
  private readonly indices = new Map<string, number>();

  indexOf(representation: Fields): number {
    const identity = identityOf(representation);
    let index = this.indices.get(identity);
    if (index === undefined) {
      index = this.list.push(representation) - 1;
      this.indices.set(identity, index);
    }
    return index;
  }
}

/** The entities of an answer that a call adds to, and which of its representations each of them is. */
export class Entities {
  private readonly targets: Fields[] = [];
  private readonly places: (Place | null)[] = [];
  private readonly indices: number[] = [];

  constructor(private readonly representations: Representations) {}

  collect(data: Fields, path: EntityPath, representationOf: Representation): void {
    path(data, (entity, place) => {
      // What has no type was not told of by any subgraph.
      if (typeof entity['__typename'] !== 'string') return;
      const representation = representationOf(entity);
      if (!representation) return;
      this.targets.push(entity);
      this.places.push(place);
      this.indices.push(this.representations.indexOf(representation));
    });
  }

  /** Adds what the call has told of each, in the order of its representations. */
  take(told: readonly unknown[]): void {
    const given = new Set<number>();
    this.targets.forEach((target, at) => {
      const index = this.indices[at]!;
      const entity = told[index];
      if (!isFields(entity)) return;
      mergeInto(target, given.has(index) ? copyOf(entity) : entity);
      given.add(index);
    });
  }

  /** Where the entities of a representation stand. */
  placesOf(index: number): (string | number)[][] {
    const paths: (string | number)[][] = [];
    this.indices.forEach((each, at) => {
      if (each === index) paths.push(pathOf(this.places[at]!));
    });
    return paths;
  }
}
