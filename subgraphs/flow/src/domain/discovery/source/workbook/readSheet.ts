import type { Entry } from 'yauzl';
import type { ZipArchive } from '../archive/ZipArchive.js';
import type { SourceNotes } from '../SourceNotes.js';
import { columnOf } from './cellReference.js';
import { textOfNumber } from './numberFormat.js';
import type { WorkbookFacts } from './readWorkbookFacts.js';
import type { MergedRows, SheetScan } from './scanSheet.js';
import type { SharedStrings } from './SharedStrings.js';
import { XmlWalker } from './XmlWalker.js';

export interface SheetReading {
  readonly archive: ZipArchive;
  readonly member: Entry;
  readonly scan: SheetScan;
  readonly facts: WorkbookFacts;
  readonly strings: SharedStrings;
  readonly notes: SourceNotes;
}

/** Tells the sheet's rows that have something in them, and yields how much of it was read. Formulas come as the value they had last. */
export async function* readSheet(
  reading: SheetReading,
  row: (cells: string[], line: number) => void,
): AsyncGenerator<number> {
  const walker = new XmlWalker(new SheetVisitor(reading, row));
  for await (const { bytes, unpacked } of reading.archive.read(reading.member)) {
    walker.write(bytes);
    yield unpacked;
  }
  walker.end();
}

class SheetVisitor {
  private line = 0;
  private cells: string[] = [];
  private column = -1;
  private type = '';
  private style = '';
  private value = '';
  private hasFormula = false;
  private inValue = false;
  private inReading = false;
  private readonly merged: {
    readonly column: number;
    readonly ranges: readonly MergedRows[];
    next: number;
    text: string;
  }[];

  constructor(
    private readonly reading: SheetReading,
    private readonly row: (cells: string[], line: number) => void,
  ) {
    this.merged = [...reading.scan.merged].map(([column, ranges]) => ({ column, ranges, next: 0, text: '' }));
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'c') {
      const reference = attributes['r'];
      this.column = reference === undefined ? this.column + 1 : columnOf(reference);
      this.type = attributes['t'] ?? 'n';
      this.style = attributes['s'] ?? '';
      this.value = '';
      this.hasFormula = false;
    } else if (name === 'v' || name === 't') {
      this.inValue = !this.inReading;
    } else if (name === 'row') {
      this.line = Number(attributes['r'] ?? this.line + 1);
      this.cells = [];
      this.column = -1;
    } else if (name === 'f') {
      this.hasFormula = true;
    } else if (name === 'rPh') {
      this.inReading = true;
    }
  }

  text(text: string): void {
    if (this.inValue) this.value += text;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.inValue = false;
    else if (name === 'rPh') this.inReading = false;
    else if (name === 'c') this.cell();
    else if (name === 'row') this.endRow();
  }

  private cell(): void {
    const text = this.textOfCell();
    if (text !== '' && this.column >= 0) this.put(this.column, text);
  }

  private textOfCell(): string {
    const { value, type } = this;
    if (type === 's') return this.reading.strings.get(Number(value));
    if (type === 'b') return value === '1' || value === 'true' ? 'true' : 'false';
    if (type === 'e') {
      this.reading.notes.add('CELL_ERROR', `row ${this.line}: ${value}`);
      return '';
    }
    if (value === '') {
      if (this.hasFormula) this.reading.notes.add('FORMULA_WITHOUT_VALUE', `row ${this.line}`);
      return '';
    }
    if (type !== 'n') return value;
    const { formats, is1904 } = this.reading.facts;
    return textOfNumber(value, formats[Number(this.style)] ?? { shows: 'number' }, is1904);
  }

  private endRow(): void {
    for (const merge of this.merged) {
      while (merge.next < merge.ranges.length && merge.ranges[merge.next]![1] < this.line) merge.next += 1;
      const range = merge.ranges[merge.next];
      if (range === undefined || range[0] > this.line) continue;
      if (range[0] === this.line) merge.text = this.cells[merge.column] ?? '';
      else if (this.cells.length > 0) this.put(merge.column, this.cells[merge.column] || merge.text);
    }
    if (this.cells.length > 0) this.row(this.cells, this.line);
  }

  private put(column: number, text: string): void {
    while (this.cells.length < column) this.cells.push('');
    this.cells[column] = text;
  }
}
