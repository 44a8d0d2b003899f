import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { excerpt } from '../../rejectRow.js';
import { SourceError } from '../../sourceErrors.js';
import type { RecordBatch } from '../../sourceRecord.js';
import type { TextChunk } from '../encoding/decodeBytes.js';
import { readDocuments } from '../json/readJson.js';
import type { TreeOptions } from '../json/readTree.js';
import { wholeText } from './wholeText.js';

/** Entities of the document itself are never opened: they are how a small file becomes a large one. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: 'text',
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
});
const predefined: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Reads an XML document: attributes and elements alike are fields, elements that repeat are lists. */
export async function* readXml(
  chunks: AsyncIterable<TextChunk>,
  batchRecords: number,
  options: TreeOptions,
): AsyncGenerator<RecordBatch> {
  const { text, bytesRead } = await wholeText(chunks, 'XML');
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    const { msg, line } = valid.err;
    throw new SourceError(
      'WRONG_FORMAT',
      `The source is not well-formed XML, line ${line}: ${excerpt(msg)} Export it again.`,
    );
  }
  yield* readDocuments([withCharacters(parsed(text))], text, batchRecords, bytesRead, options);
}

function parsed(text: string): unknown {
  try {
    return parser.parse(text);
  } catch (error) {
    throw new SourceError('WRONG_FORMAT', `The XML cannot be read: ${excerpt((error as Error).message)}`);
  }
}

/** `&amp;` and `&#228;` are characters; entities that a document defines stay as they are written. */
function withCharacters(value: unknown): unknown {
  if (typeof value === 'string')
    return value.replace(
      /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi,
      (whole, name?: string, ten?: string, sixteen?: string) => {
        if (name !== undefined) return predefined[name.toLowerCase()]!;
        const code = ten === undefined ? parseInt(sixteen!, 16) : Number(ten);
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      },
    );
  if (Array.isArray(value)) return value.map(withCharacters);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withCharacters(inner)]));
}
