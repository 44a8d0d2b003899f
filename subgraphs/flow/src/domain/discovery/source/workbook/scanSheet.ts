import type { Entry } from 'yauzl';
import type { ZipArchive } from '../archive/ZipArchive.js';
import { columnOf } from './cellReference.js';

/** First and last row of cells that are one: the first has the value. */
export type MergedRows = readonly [number, number];

/** What has to be known of a sheet before its first row is read. */
export interface SheetScan {
  readonly hasCells: boolean;
  /** By column, from the top down. */
  readonly merged: ReadonlyMap<number, readonly MergedRows[]>;
}

const mark = Buffer.from('mergeCells');
const mostMergeBytes = 4_194_304;
const mergedRange = /ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})"/g;

/** Merged cells are listed behind the rows. Only those that go down matter: one over several columns is a title or a group. */
export async function scanSheet(archive: ZipArchive, member: Entry): Promise<SheetScan> {
  let hasCells = false;
  let tail: Buffer = Buffer.alloc(0);
  let list: Buffer[] | null = null;
  let listed = 0;
  for await (const { bytes } of archive.read(member)) {
    const piece = tail.length > 0 ? Buffer.concat([tail, bytes]) : bytes;
    hasCells ||= /<(\w+:)?(v|t)[\s>]/.test(piece.toString('latin1'));
    if (list === null) {
      const at = piece.indexOf(mark);
      if (at !== -1) list = [piece.subarray(at)];
      else tail = Buffer.from(piece.subarray(-mark.length));
    } else if (listed < mostMergeBytes) {
      list.push(Buffer.from(bytes));
      listed += bytes.length;
    }
    if (list !== null) tail = Buffer.alloc(0);
  }
  const merged = new Map<number, MergedRows[]>();
  for (const [, letters, first, last] of Buffer.concat(list ?? [])
    .toString('latin1')
    .matchAll(mergedRange)) {
    const rows: MergedRows = [Number(first), Number(last)];
    if (rows[1] <= rows[0]) continue;
    const column = columnOf(letters!);
    const ranges = merged.get(column);
    if (ranges === undefined) merged.set(column, [rows]);
    else ranges.push(rows);
  }
  for (const ranges of merged.values()) ranges.sort(([left], [right]) => left - right);
  return { hasCells, merged };
}
