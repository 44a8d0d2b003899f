import type { AlertFiring } from './previewRule.js';

/** The firings of `one` that overlap none of `other` of the same group. */
export function firingsOnlyIn(one: readonly AlertFiring[], other: readonly AlertFiring[]): AlertFiring[] {
  const endOf = ({ to }: AlertFiring) => to?.getTime() ?? Infinity;
  const byKey = Map.groupBy(other, ({ key }) => key);
  return one.filter((firing) =>
    (byKey.get(firing.key) ?? []).every(
      (known) => endOf(known) <= firing.from.getTime() || known.from.getTime() >= endOf(firing),
    ),
  );
}
