import type { DateOrder } from '../normalise/date.js';
import { NumberStyleFinder } from '../normalise/numberStyle.js';
import { isBlankText } from '../normalise/blank.js';
import { detach } from '../normalise/words.js';
import { excerpt } from '../rejectRow.js';
import type { TextHash } from '../hashText.js';
import { DistinctCounter } from './DistinctCounter.js';
import type { ColumnProfile } from './SourceProfile.js';
import { shapesOf, type ValueShape } from './valueShapes.js';

/** Values that are classified: all of the first ones, then one in a prime number, so that no period of the file hides. */
const classifiedFirst = 1_000;
const classifiedEvery = 97;
const sampleCount = 5;

export class ColumnProfiler {
  private filled = 0;
  private classified = 0;
  private maxLength = 0;
  private dayFirst = 0;
  private monthFirst = 0;
  private readonly samples: string[] = [];
  private readonly shapes = new Map<ValueShape, number>();
  private readonly distinct = new DistinctCounter();
  private readonly numbers = new NumberStyleFinder();

  constructor(readonly name: string) {}

  add(text: string, hash: TextHash): void {
    if (isBlankText(text)) return;
    this.filled += 1;
    if (text.length > this.maxLength) this.maxLength = text.length;
    this.distinct.add(text, hash);
    if (this.filled > classifiedFirst && this.filled % classifiedEvery !== 0) return;
    this.classified += 1;
    for (const shape of shapesOf(text)) this.shapes.set(shape, (this.shapes.get(shape) ?? 0) + 1);
    this.numbers.add(text);
    const slashed = /^(\d{1,2})[/-](\d{1,2})[/-](?:\d{4}|\d{2})(?!\d)/.exec(text);
    if (slashed !== null) {
      if (Number(slashed[1]) > 12) this.dayFirst += 1;
      if (Number(slashed[2]) > 12) this.monthFirst += 1;
    }
    const sample = detach(excerpt(text, 80));
    if (this.samples.length < sampleCount && !this.samples.includes(sample)) this.samples.push(sample);
  }

  finish(): Omit<ColumnProfile, 'known'> {
    const shapes: Partial<Record<ValueShape, number>> = {};
    for (const [shape, count] of this.shapes) shapes[shape] = Math.round((count / this.classified) * 1000) / 1000;
    return {
      name: this.name,
      filled: this.filled,
      distinct: Math.min(this.filled, this.distinct.estimate),
      maxLength: this.maxLength,
      samples: this.samples,
      shapes,
      dateOrder: this.dateOrder(),
      numberStyle: this.numbers.style,
    };
  }

  private dateOrder(): DateOrder | null {
    if (this.dayFirst === 0 && this.monthFirst === 0) return null;
    return this.monthFirst > this.dayFirst ? 'MONTH_FIRST' : 'DAY_FIRST';
  }
}
