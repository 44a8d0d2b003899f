import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { serverTable } from './headings.ts';
import { tableOf, type Table } from './varyTable.ts';

const folder = new URL('../../test/sources/inputs/', import.meta.url);

/** A small file of a format, as far as it can be taken apart. */
export interface Input {
  /** Name of its definition, or of what it is. */
  readonly id: string;
  readonly bytes: Buffer;
  /** Null: not a table. */
  readonly table: Table | null;
  /** Null: nothing that was parsed. */
  readonly documents: readonly unknown[] | null;
  readonly isKnown: boolean;
}

/** One input of each shipped definition, and lists of servers that are of none. */
export function readInputs(): Input[] {
  const known = readdirSync(folder)
    .filter((file) => file !== 'expected.json')
    .map((file): Input => {
      const bytes = readFileSync(new URL(file, folder));
      const [id, ending] = [file.replace(/\.\w+$/, ''), file.slice(file.lastIndexOf('.') + 1)];
      const text = bytes.toString('utf8');
      return {
        id,
        bytes,
        table: ending === 'csv' ? tableOf(text) : null,
        documents: ending === 'csv' || ending === 'xml' ? null : documentsOf(text, ending),
        isKnown: true,
      };
    });
  const generic = [4, 12, 30].map((rows): Input => {
    const table = serverTable(rows, `list${rows}`);
    return { id: `servers-${rows}`, bytes: Buffer.alloc(0), table, documents: null, isKnown: false };
  });
  return [...known, ...generic, ...generic, ...generic];
}

function documentsOf(text: string, ending: string): unknown[] {
  if (ending === 'json') return [JSON.parse(text)];
  if (ending === 'jsonl')
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  return parseAllDocuments(text).map((document): unknown => document.toJS());
}
