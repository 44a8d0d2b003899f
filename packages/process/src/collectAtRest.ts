import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const lookEveryMs = 5_000;
/** A thread that is busy for less than this share of the time between two looks has nothing to do. */
const restingShare = 0.1;
/**
 * Looks in a row that must find it so, 15 s. A collection takes the young generation's size away, which the next requests pay for until it
 * has grown again: a pause between two of them is no rest.
 */
const restingLooks = 3;
/** A collection stops the thread for about 100 ms: it must be worth it. */
const worthBytes = 24 * 1024 * 1024;

/**
 * Gives back what this thread's heap holds beyond what is alive, once there is nothing else to do. V8 collects when something is made, so
 * a heap that grew at the start or under load keeps its size for as long as nothing happens: 120 MB of a server's young generation.
 */
export function collectAtRest(): void {
  let seen = performance.eventLoopUtilization();
  // What a collection cannot give back.
  let leftBytes = 0;
  let rested = 0;
  setInterval(() => {
    const before = seen;
    seen = performance.eventLoopUtilization();
    rested = performance.eventLoopUtilization(seen, before).utilization > restingShare ? 0 : rested + 1;
    if (rested < restingLooks) return;
    if (getHeapStatistics().total_physical_size < leftBytes + worthBytes) return;
    collect();
    leftBytes = getHeapStatistics().total_physical_size;
    seen = performance.eventLoopUtilization();
  }, lookEveryMs).unref();
}

/** Twice: the first lets the young generation shrink, and finalizers run between both. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  gc();
  gc();
}
