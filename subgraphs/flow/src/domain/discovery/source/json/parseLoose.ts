/** The text is not JSON, not even of the kinds that people and tools write by hand. `at` is where it stops being so. */
export class NotJson extends Error {
  override readonly name = 'NotJson';

  constructor(readonly at: number) {
    super(`No JSON at character ${at}.`);
  }
}

const maxLevels = 500;
const literals: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  null: null,
  NaN: null,
  Infinity: null,
  '-Infinity': null,
  undefined: null,
  None: null,
  True: true,
  False: false,
};

/**
 * One JSON value or several behind each other, and what is nearly JSON: comments, commas before a closing bracket, NaN, a prefix
 * against inclusion by scripts. Whole numbers beyond 2^53 come as text, digit by digit. Throws NotJson.
 */
export function parseDocuments(text: string): unknown[] {
  const parser = new LooseParser(text);
  const documents: unknown[] = [];
  parser.skipPrefix();
  for (parser.skipBlank(); !parser.isAtEnd; parser.skipBetween()) documents.push(parser.value(0));
  return documents;
}

/** One record: as JSON.parse reads it, unless a number would lose its last digits or it is only nearly JSON. Throws. */
export function parseRecord(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const documents = parseDocuments(text);
  if (documents.length !== 1) throw new NotJson(0);
  return documents[0];
}

class LooseParser {
  private at = 0;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** `)]}',` and `for(;;);` and `while(1);` */
  skipPrefix(): void {
    const prefix = /^\s*(\)\]\}'?,?|for\s*\(;;\);|while\s*\(1\);)\s*/.exec(this.text);
    if (prefix !== null) this.at = prefix[0].length;
  }

  /** Between two documents: blanks, and the commas or record separators that some tools write there. */
  skipBetween(): void {
    this.skipBlank();
    while (this.text[this.at] === ',' || this.text[this.at] === '\u001e') {
      this.at += 1;
      this.skipBlank();
    }
  }

  skipBlank(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code <= 0x20 || code === 0xfeff || code === 0xa0) this.at += 1;
      else if (code === 0x2f && this.text[this.at + 1] === '/') this.skipTo('\n', 1);
      else if (code === 0x2f && this.text[this.at + 1] === '*') this.skipTo('*/', 2);
      else if (code === 0x23) this.skipTo('\n', 1);
      else return;
    }
  }

  value(level: number): unknown {
    if (level > maxLevels) throw new NotJson(this.at);
    this.skipBlank();
    const character = this.text[this.at];
    if (character === '{') return this.object(level);
    if (character === '[') return this.array(level);
    if (character === '"') return this.string();
    return this.scalar();
  }

  private object(level: number): Record<string, unknown> {
    // Keys such as __proto__ must be keys like any other.
    const fields = Object.create(null) as Record<string, unknown>;
    this.at += 1;
    for (this.skipBlank(); this.text[this.at] !== '}'; this.skipComma('}')) {
      if (this.text[this.at] !== '"') throw new NotJson(this.at);
      const key = this.string();
      this.skipBlank();
      if (this.text[this.at] !== ':') throw new NotJson(this.at);
      this.at += 1;
      fields[key] = this.value(level + 1);
    }
    this.at += 1;
    return fields;
  }

  private array(level: number): unknown[] {
    const items: unknown[] = [];
    this.at += 1;
    for (this.skipBlank(); this.text[this.at] !== ']'; this.skipComma(']')) items.push(this.value(level + 1));
    this.at += 1;
    return items;
  }

  private skipComma(close: string): void {
    this.skipBlank();
    if (this.text[this.at] === close) return;
    if (this.text[this.at] !== ',') throw new NotJson(this.at);
    this.at += 1;
    this.skipBlank();
  }

  private string(): string {
    const start = this.at;
    let end = this.text.indexOf('"', start + 1);
    while (end !== -1 && this.isEscaped(end, start + 1)) end = this.text.indexOf('"', end + 1);
    if (end === -1) throw new NotJson(start);
    this.at = end + 1;
    const raw = this.text.slice(start + 1, end);
    if (!raw.includes('\\') && !/[\0-\x1f]/.test(raw)) return raw;
    try {
      return JSON.parse(`"${raw.replace(/[\0-\x1f]/g, (control) => JSON.stringify(control).slice(1, -1))}"`) as string;
    } catch {
      throw new NotJson(start);
    }
  }

  private isEscaped(at: number, from: number): boolean {
    let backslashes = 0;
    while (at - 1 - backslashes >= from && this.text[at - 1 - backslashes] === '\\') backslashes += 1;
    return backslashes % 2 === 1;
  }

  private scalar(): unknown {
    let end = this.at;
    while (end < this.text.length && !/[\s,\]}:/]/.test(this.text[end]!)) end += 1;
    const word = this.text.slice(this.at, end);
    if (word in literals) {
      this.at = end;
      return literals[word];
    }
    if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(word)) throw new NotJson(this.at);
    this.at = end;
    const number = Number(word);
    return Number.isInteger(number) && !Number.isSafeInteger(number) && /^-?\d+$/.test(word) ? word : number;
  }

  private skipTo(mark: string, length: number): void {
    const found = this.text.indexOf(mark, this.at + 1);
    this.at = found === -1 ? this.text.length : found + length;
  }
}
