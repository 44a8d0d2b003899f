import { Kind, parse, visit, type DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { OperationLimits } from '../settings.js';
import { checkListNesting, checkLiterals } from './checkInput.js';
import { checkLimits } from './checkLimits.js';
import { KnownDocument } from './KnownDocument.js';
import type { GraphFacts } from './GraphFacts.js';

/** Characters of all texts that are kept. A document takes about 100 bytes for each character of its text. */
const maxCharacters = 250_000;

/**
 * Parsed documents by their text. Only those are kept that turned out to be valid, and only so many characters, so that
 * whoever sends nonsense, or something new each time, fills no memory.
 */
export class Documents {
  private readonly known = new LRUCache<string, KnownDocument>({
    maxSize: maxCharacters,
    sizeCalculation: (_document, text) => Math.max(1, text.length),
  });

  constructor(
    private readonly limits: OperationLimits,
    private readonly graph: GraphFacts,
  ) {}

  /** One that was kept. */
  find(text: string): KnownDocument | null {
    return this.known.get(text) ?? null;
  }

  /**
   * Parses a document, and refuses what is too large before it costs anything: tokens while parsing, the rest before
   * validation. Stored operations may be larger. Throws OPERATION_TOO_COMPLEX, INVALID_INPUT, or graphql's own errors.
   */
  read(text: string, isStored: boolean): KnownDocument {
    return new KnownDocument(text, this.parse(text, isStored), this.graph);
  }

  /** Once it is known to be valid. */
  keep(document: KnownDocument): void {
    this.known.set(document.text, document);
  }

  private parse(text: string, isStored: boolean): DocumentNode {
    if (isStored) return withPlainFloats(text, parse(text));
    checkListNesting(text, this.limits);
    const document = parse(text, { maxTokens: this.limits.tokens });
    checkLimits(document, this.limits);
    checkLiterals(document, this.limits, this.graph);
    return withPlainFloats(text, document);
  }
}

/** The query planner's parser refuses an exponent that begins with a 9 and has no sign: `1e9`, not `1e+9`. */
function withPlainFloats(text: string, document: DocumentNode): DocumentNode {
  if (!/\de\d/i.test(text)) return document;
  return visit(document, {
    [Kind.FLOAT]: (node) => {
      const value = node.value.replace(/e(?=\d)/i, 'e+');
      return value === node.value ? undefined : { ...node, value };
    },
  });
}
