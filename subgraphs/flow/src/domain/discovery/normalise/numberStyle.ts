/** Which mark stands before the decimals: `1,024.5` is POINT, `1.024,5` is COMMA. The other one groups digits. */
export type NumberStyle = 'POINT' | 'COMMA';

const number = /^[+-]?(\d[\d.,' \u00a0\u202f]*)(?:\s*[a-z%]{1,5})?$/i;

/** Learns from a column's values how it writes numbers: from those that can be meant in one way only. */
export class NumberStyleFinder {
  private point = 0;
  private comma = 0;
  /** A point that has not three digits behind it. */
  private pointOther = 0;

  add(text: string): void {
    const digits = number.exec(text)?.[1];
    if (digits === undefined || !/[.,]/.test(digits)) return;
    const lastPoint = digits.lastIndexOf('.');
    const lastComma = digits.lastIndexOf(',');
    if (lastPoint !== -1 && lastComma !== -1) {
      if (lastComma > lastPoint) this.comma += 1;
      else this.point += 1;
    } else if (lastComma !== -1) {
      if (!/^\d{1,3}(,\d{3})+$/.test(digits)) this.comma += 1;
    } else if (!/^\d{1,3}(\.\d{3})+$/.test(digits)) {
      this.pointOther += 1;
    }
  }

  get style(): NumberStyle | null {
    if (this.comma > 0 && this.comma >= this.point + this.pointOther) return 'COMMA';
    if (this.point + this.pointOther > 0) return 'POINT';
    return null;
  }
}
