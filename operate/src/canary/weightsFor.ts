/** The most that HAProxy takes. */
const mostWeight = 256;
const ordinaryWeight = 200;

/** Weights that give the canaries together a share of the requests (0 to 1), each of them and of the others as much as its like. */
export function weightsFor(share: number, stables: number, canaries: number): { stable: number; canary: number } {
  const odds = (share / (1 - share)) * (stables / canaries);
  const stable = Math.max(1, Math.min(ordinaryWeight, Math.floor(mostWeight / odds)));
  return { stable, canary: Math.max(1, Math.min(mostWeight, Math.round(stable * odds))) };
}
