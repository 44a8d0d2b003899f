import { p95Of, type OperationFigures } from './OperationFigures.js';

export interface Gates {
  /** Largest share of operations that may fail; at this share it is too many. */
  readonly failedShare: number;
  /** By what part of the others' p95 that of the canary may be longer. */
  readonly slowerBy: number;
  /** Fewer operations than this say nothing. */
  readonly leastOperations: number;
}

/** What both took in the same time. */
export interface Compared {
  readonly stable: OperationFigures;
  readonly canary: OperationFigures;
  /** Of the canary, as the balancer sees it: what it sent there, and what came to nothing. */
  readonly balancer: { readonly requests: number; readonly failed: number };
}

/** So many failures are no accident, and end it before its time. */
const failuresThatDecide = 5;
/** Times this close to each other are the same, whatever part of the shorter one they are apart. */
const sameSeconds = 0.005;

/** Why the canary must not have more traffic, or null. `isOver`: its time is, so that times of answers count and too few operations are a reason. */
export function judgeCanary({ stable, canary, balancer }: Compared, gates: Gates, isOver: boolean): string | null {
  const share = Math.max(shareOf(canary.failed, canary.operations), shareOf(balancer.failed, balancer.requests));
  const failures = Math.max(canary.failed, balancer.failed);
  if (share >= gates.failedShare && (isOver || failures >= failuresThatDecide))
    return `${percent(share)} of its operations failed: ${failures}.`;
  if (!isOver) return null;
  if (canary.operations < gates.leastOperations)
    return `It answered ${canary.operations} operations, and fewer than ${gates.leastOperations} say nothing.`;
  const [own, others] = [p95Of(canary), p95Of(stable)];
  if (own === null || others === null) return 'Nothing was answered to compare times of.';
  if (own > Math.max(others * (1 + gates.slowerBy), others + sameSeconds))
    return `95 % of its answers took up to ${milliseconds(own)}, those of the others ${milliseconds(others)}.`;
  return null;
}

export const milliseconds = (seconds: number | null): string =>
  seconds === null ? 'no time' : `${Math.round(seconds * 1_000)} ms`;
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function shareOf(part: number, whole: number): number {
  return part === 0 ? 0 : part / Math.max(whole, part);
}
