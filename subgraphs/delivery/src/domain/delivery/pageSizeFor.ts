const mostEvents = 100;
/** What a page may cost in all. */
const mostPageCost = 10_000;

/** How many events of this cost are read at once. */
export function pageSizeFor(costPerEvent: number): number {
  return Math.max(1, Math.min(mostEvents, Math.floor(mostPageCost / Math.max(1, costPerEvent))));
}
