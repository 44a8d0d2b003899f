import pg from 'pg';

const int8 = 20;
const text = 25;
const numeric = 1700;
const date = 1082;

export type TypeParser = (value: string) => unknown;

/** int8 and numeric as numbers (ours stay under 2^53), dates as text; everything else as pg reads it. */
export const typeParsers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): TypeParser => {
    if (format !== 'binary') {
      if (oid === int8 || oid === numeric) return Number;
      if (oid === date) return String;
    }
    return pg.types.getTypeParser(oid, format) as TypeParser;
  },
};

/** Reads a value that came as text. */
export function typeParserOf(oid: number): TypeParser {
  return typeParsers.getTypeParser(oid);
}

const readsText = pg.types.getTypeParser(text) as TypeParser;

/** Whether a parser hands on what came. */
export function isTextParser(parser: TypeParser): boolean {
  return parser === readsText || parser === String;
}
