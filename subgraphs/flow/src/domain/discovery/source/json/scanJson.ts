/** Progress through one JSON value of braces and brackets, kept between pieces of text. */
export interface JsonScan {
  depth: number;
  inString: boolean;
  escaped: boolean;
}

export function newJsonScan(): JsonScan {
  return { depth: 0, inString: false, escaped: false };
}

/**
 * Goes on through `text` from `start` and returns the position after the bracket that closes the value, or -1 when the
 * text ends first. The first character of the value must be `{` or `[`. Counts brackets only; JSON.parse judges the rest.
 */
export function scanJson(text: string, start: number, scan: JsonScan): number {
  let { depth, inString, escaped } = scan;
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (escaped) escaped = false;
      else if (code === 0x5c) escaped = true;
      else if (code === 0x22) inString = false;
      continue;
    }
    if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) depth += 1;
    else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
      if (depth === 0) {
        scan.depth = 0;
        return index + 1;
      }
    }
  }
  scan.depth = depth;
  scan.inString = inString;
  scan.escaped = escaped;
  return -1;
}

const whitespace = /\s/;

/** Position of the first character from `start` on that is not white space, or the length of the text. */
export function skipBlank(text: string, start: number): number {
  let index = start;
  while (index < text.length && whitespace.test(text[index]!)) index += 1;
  return index;
}
