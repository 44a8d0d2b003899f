import type { Metric } from '@tributary/contracts/values';
import { quantileShares } from '../../storage/figureExpressions.js';
import type { WindowPart } from '../../storage/windows/windowParts.js';
import { quantileOfBins } from './quantileOfBins.js';

/** One metric of one group over a window that moves: parts come in at its end and go out at its beginning. */
export class RunningFigure {
  requests = 0;
  private amount = 0n;
  private readonly bins = new Map<number, number>();

  constructor(private readonly metric: Metric) {}

  add(part: WindowPart): void {
    this.move(part, 1);
  }

  remove(part: WindowPart): void {
    this.move(part, -1);
  }

  /** Null where it has no meaning, as a share of no traces. */
  value(): number | null {
    const share = quantileShares[this.metric];
    if (share !== undefined) return quantileOfBins(this.bins, this.requests, share);
    if (this.metric === 'REQUESTS') return this.requests;
    if (this.metric === 'ERROR_RATE') return this.requests === 0 ? null : Number(this.amount) / this.requests;
    if (this.metric === 'COST_USD') return Number(`${this.amount}e-9`);
    return Number(this.amount);
  }

  private move({ requests, amount, bins, counts }: WindowPart, sign: 1 | -1): void {
    this.requests += sign * requests;
    this.amount += BigInt(sign) * amount;
    bins.forEach((bin, place) => {
      const number = (this.bins.get(bin) ?? 0) + sign * counts[place]!;
      if (number === 0) this.bins.delete(bin);
      else this.bins.set(bin, number);
    });
  }
}
