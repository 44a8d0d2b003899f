import type { Random } from '@tributary/kit';
import { workbookBuffer } from '@tributary/kit/sources';
import { headings, sameMeaning, type Field } from './headings.ts';
import { packed, type Variation } from './Variation.ts';

/** Cells of a table, its header first. */
export type Table = readonly (readonly string[])[];

/** A table as a person may have it: other columns first, other words above them, written by another tool. */
export async function varyTable(table: Table, isKnown: boolean, random: Random): Promise<Variation> {
  const did: string[] = [];
  let rows: string[][] = table.map((row) => [...row]);
  if (rows.length > 3 && random.next() < 0.3) {
    const kept = random.between(2, rows.length - 1);
    rows = [rows[0]!, ...random.shuffled(rows.slice(1)).slice(0, kept)];
    did.push(`${kept} rows`);
  }
  // What is left is what the file says; all that follows says the same in another form.
  const plain = Buffer.from(csvText(rows, ',', '\n'));
  if (random.next() < 0.6) {
    const order = random.shuffled(rows[0]!.map((_, index) => index));
    rows = rows.map((row) => order.map((index) => row[index] ?? ''));
    did.push('columns reordered');
  }
  if (!isKnown && random.next() < 0.7) {
    rows[0] = rows[0]!.map((heading) => renamed(heading, random));
    did.push(`headings ${rows[0].join('|')}`);
  } else if (random.next() < 0.4) {
    const cased = random.pick([(text: string) => text.toUpperCase(), (text: string) => text.toLowerCase()]);
    rows[0] = rows[0]!.map(cased);
    did.push('headings in another case');
  }
  if (random.next() < 0.3) {
    rows = rows.map((row, index) => [
      ...row,
      index === 0 ? 'Remarks' : random.pick(['', 'seen by hand', 'to be checked']),
    ]);
    did.push('a column of remarks');
  }
  const { bytes, how } = await written(rows, random);
  return { plain, bytes, did: [...did, how] };
}

function renamed(heading: string, random: Random): string {
  const field = sameMeaning.find((each: Field) => headings[each][0] === heading);
  return field === undefined ? heading : random.pick(headings[field]);
}

async function written(rows: readonly (readonly string[])[], random: Random): Promise<{ bytes: Buffer; how: string }> {
  if (random.next() < 0.15) {
    const sheets = [
      { name: 'Export', rows: random.next() < 0.5 ? [['Inventory'], [], ...rows] : rows },
      { name: 'Sheet2', rows: [] },
    ];
    return { bytes: await workbookBuffer(sheets, { sharedStrings: random.next() < 0.5 }), how: 'workbook' };
  }
  const delimiter = random.pick([',', ';', '\t', '|']);
  const newline = random.pick(['\n', '\r\n']);
  const above = random.pick([
    '',
    '',
    `Server inventory${newline}${newline}`,
    `# exported by a script${newline}`,
    `sep=${delimiter}${newline}`,
  ]);
  const below = random.next() < 0.2 ? `${newline}Total: ${rows.length - 1}${newline}` : '';
  const text = above + csvText(rows, delimiter, newline, random.next() < 0.3) + below;
  const { bytes, how } = await packed(text, random);
  return { bytes, how: `${JSON.stringify(delimiter)} ${JSON.stringify(newline)} ${JSON.stringify(above)} ${how}` };
}

function csvText(rows: Table, delimiter: string, newline: string, always = false): string {
  const cell = (text: string): string =>
    always || text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((row) => row.map(cell).join(delimiter)).join(newline) + newline;
}

/** Cells of a small file whose quotes are double. */
export function tableOf(text: string): string[][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
      ),
    );
}
