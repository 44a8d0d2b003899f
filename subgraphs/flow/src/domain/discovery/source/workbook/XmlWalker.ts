import { SaxesParser } from 'saxes';
import { SourceError } from '../../sourceErrors.js';

/** What is told of an XML text as it goes by. Names come without their namespace's prefix, which differs from writer to writer. */
export interface XmlVisitor {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Walks over XML in pieces, without holding it. Entities of the document itself are an error. */
export class XmlWalker {
  private readonly parser = new SaxesParser({ position: false, xmlns: false });
  private decoder: TextDecoder | null = null;

  constructor(visitor: XmlVisitor) {
    const { parser } = this;
    parser.on('opentag', ({ name, attributes }) =>
      visitor.open?.(localName(name), attributes as Record<string, string>),
    );
    parser.on('text', (text) => visitor.text?.(text));
    parser.on('cdata', (text) => visitor.text?.(text));
    parser.on('closetag', ({ name }) => visitor.close?.(localName(name)));
    parser.on('error', () => {
      throw damaged();
    });
  }

  write(bytes: Buffer): void {
    this.decoder ??= new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8');
    this.parser.write(this.decoder.decode(bytes, { stream: true }));
  }

  end(): void {
    this.parser.close();
  }
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}

function damaged(): SourceError {
  return new SourceError('TRUNCATED_SOURCE', 'The workbook is damaged: a part of it is not XML. Save it again.');
}
