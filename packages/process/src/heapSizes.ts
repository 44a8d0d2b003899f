/**
 * How large heaps may be that have a limit, in MB; docs/decisions/0080 has the figures. A server that answers has none: it is collected by
 * `tuneHeap` and `collectAtRest`. A limit must leave room for the widest source that is imported.
 */
const heapSizes = {
  /** Its young generation is of one size: it promotes less, and a worker takes 50 MB over its idle size where it took 190. */
  phases: { old: 512, semiSpace: 16 },
  /** Reactions are many and small: what a consumer holds at once is a page of events. */
  reactions: { old: 256, semiSpace: 16 },
} as const;

/** Flags of Node for the process whose first thread runs phases. V8 takes the young generation of its other threads from these, too. */
export const phasesHeapFlags: readonly string[] = [
  `--max-old-space-size=${heapSizes.phases.old}`,
  `--min-semi-space-size=${heapSizes.phases.semiSpace}`,
  `--max-semi-space-size=${heapSizes.phases.semiSpace}`,
];

/** Limits of the thread beside it. The young generation is three semi-spaces. */
export const reactionsHeapLimits = {
  maxOldGenerationSizeMb: heapSizes.reactions.old,
  maxYoungGenerationSizeMb: 3 * heapSizes.reactions.semiSpace,
} as const;
