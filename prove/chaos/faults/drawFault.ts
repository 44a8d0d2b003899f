import type { Random } from '@tributary/kit';

export type FaultKind =
  | 'kill -9'
  | 'stop'
  | 'cut'
  | 'cut for a while'
  | 'stall'
  | 'stall, then cut'
  /** COMMIT arrives, its answer does not. */
  | 'cut behind COMMIT'
  /** COMMIT does not arrive, which looks the same to whoever sent it. */
  | 'cut before COMMIT';

export interface Fault {
  readonly kind: FaultKind;
  /** A process (`gateway-1`, `postgres`, `redis`) or a hop (`flow-1→redis`). */
  readonly target: string;
  /** How long it lasts, in ms. */
  readonly lastsMs: number;
  /** Until the next one begins, in ms; 0 for two at once. */
  readonly thenMs: number;
  /** PostgreSQL: all its processes at once. */
  readonly all: boolean;
  /** How many commits are cut. */
  readonly times: number;
}

export interface Targets {
  readonly processes: readonly string[];
  readonly hops: readonly string[];
  readonly committers: readonly string[];
}

const kinds: Readonly<Record<FaultKind, number>> = {
  'kill -9': 24,
  stop: 18,
  cut: 16,
  'cut for a while': 8,
  stall: 12,
  'stall, then cut': 8,
  'cut behind COMMIT': 11,
  'cut before COMMIT': 3,
};
/** Longer than the pings of the product are patient. */
const longStallMs = [16_000, 20_000] as const;

/** The next fault of a seed: kind, target, length and pause, whatever happened to those before. */
export function drawFault(random: Random, targets: Targets): Fault {
  const kind = random.weighted(kinds);
  const [isLong, isPair] = [random.next() < 0.05, random.next() < 0.15];
  const target = targetOf(random, kind, targets);
  return {
    kind,
    target,
    lastsMs: kind.startsWith('stall') && isLong ? random.between(...longStallMs) : random.between(100, 2_500),
    thenMs: isPair ? 0 : random.between(200, 1_700),
    all: random.next() < 0.5,
    times: random.pick([1, 1, 2, 3]),
  };
}

function targetOf(random: Random, kind: FaultKind, targets: Targets): string {
  if (kind.endsWith('COMMIT')) return random.pick(targets.committers);
  // PostgreSQL and Redis are what a stream stands on: as often as all the others together.
  if (kind === 'kill -9' || kind === 'stop')
    return random.next() < 0.4 ? random.pick(['postgres', 'redis']) : random.pick(targets.processes);
  return random.pick(targets.hops);
}
