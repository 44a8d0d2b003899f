import { parse, type DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { OperationLimits } from '../settings.js';
import { checkLiterals } from './checkInput.js';
import { checkLimits } from './checkLimits.js';

/** Characters of all texts that are kept. A document takes about 100 bytes for each character of its text. */
const mostCharacters = 250_000;

/**
 * Parsed documents by their text. Only those are kept that turned out to be valid, and only so many characters, so that
 * whoever sends nonsense, or something new each time, fills no memory.
 */
export class Documents {
  private readonly known = new LRUCache<string, DocumentNode>({
    maxSize: mostCharacters,
    sizeCalculation: (_document, text) => Math.max(1, text.length),
  });

  constructor(private readonly limits: OperationLimits) {}

  /** One that was kept. */
  find(text: string): DocumentNode | null {
    return this.known.get(text) ?? null;
  }

  /**
   * Parses a document, and refuses what is too large before it costs anything: tokens while parsing, the rest before
   * validation. Stored operations may be larger. Throws OPERATION_TOO_COMPLEX, INVALID_INPUT, or graphql's own errors.
   */
  parse(text: string, isStored: boolean): DocumentNode {
    if (isStored) return parse(text);
    const document = parse(text, { maxTokens: this.limits.tokens });
    checkLimits(document, this.limits);
    checkLiterals(document, this.limits);
    return document;
  }

  /** Once it is known to be valid. */
  keep(text: string, document: DocumentNode): void {
    this.known.set(text, document);
  }
}
