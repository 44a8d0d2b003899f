import type { CalledAsset, NamedAsset } from '../../storage/connectStatements.js';
import { nameKeyOf } from '../searchTerms.js';

/** Finds the asset that a name means, from where it is said. */
export class Ends {
  private readonly called: ReadonlyMap<string, readonly CalledAsset[]>;
  private readonly found = new Map<string, string>();

  /** `flowId`: by which the names are said. */
  constructor(
    called: readonly CalledAsset[],
    private readonly flowId: string,
  ) {
    this.called = Map.groupBy(called, ({ name }) => name);
  }

  /** What names mean that no asset has: by their other form, by an address, or as an asset that was made for it. */
  add({ name, id }: NamedAsset): void {
    this.found.set(name, id);
  }

  /** Whether there is anything of that name, be it one asset or several. */
  isKnown(name: string): boolean {
    return this.called.has(name) || this.found.has(name);
  }

  /**
   * The one asset of the name; of several the one in the same scope, then the one that the same import shows. Undefined when there is
   * none, and when nothing tells them apart: an edge to the wrong one is worse than none.
   */
  of(name: string, scope: string | null): string | undefined {
    const called = this.called.get(name);
    if (!called) return this.found.get(name);
    const best = called.filter(({ rank }) => rank === called[0]!.rank);
    const inScope = best.filter(
      (asset) => scope !== null && asset.scope !== null && nameKeyOf(asset.scope) === nameKeyOf(scope),
    );
    const inFlow = best.filter(({ flowId }) => flowId === this.flowId);
    return [best, inScope, inFlow].find(({ length }) => length === 1)?.[0]!.id;
  }
}
