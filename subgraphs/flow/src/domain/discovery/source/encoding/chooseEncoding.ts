import iconv from 'iconv-lite';
import { isKnownHeading } from '../../mapping/headings.js';
import { countUtf8 } from './byteOrder.js';
import { encodingCandidates } from './candidates.js';
import { scoreText } from './scoreText.js';

/** How a source was decoded. Plain JSON: it stands in the report. */
export interface EncodingDecision {
  /** `utf8`, `utf16le`, `windows-1252`, `gb18030` and so on. */
  readonly encoding: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** The second best reading of the first words that differ, when it is nearly as good. */
  readonly doubt: { readonly encoding: string; readonly reads: string; readonly instead: string } | null;
}

/** Below this the words of no encoding were found: the bytes are damaged UTF-8. */
const leastScore = 0.15;
/** Two readings that are closer are shown to a person. */
const closeScore = 0.06;
const scoredBytes = 8_192;
const shownCharacters = 60;

/** Which encoding bytes have that are not all UTF-8: the one in which they read most like words. */
export function chooseEncoding(sample: Uint8Array): EncodingDecision {
  const { sequences, broken } = countUtf8(sample);
  const damaged = { encoding: 'utf8', confidence: 0.5, doubt: null };
  if (broken === 0) return { encoding: 'utf8', confidence: 1, doubt: null };
  if (sequences >= broken) return damaged;
  const bytes = Buffer.from(sample.subarray(0, scoredBytes));
  const highBytes = bytes.reduce((count, byte) => count + Number(byte > 127), 0);
  const readings = new Map<string, { encoding: string; score: number }>();
  for (const { name, script } of encodingCandidates) {
    const text = iconv.decode(bytes, name);
    if (readings.has(text)) continue;
    readings.set(text, { encoding: name, score: scoreText(text, highBytes, script) + headingBonus(text, highBytes) });
  }
  const [best, second] = [...readings].sort(([, left], [, right]) => right.score - left.score);
  if (best === undefined || best[1].score < leastScore) return damaged;
  const margin = second === undefined ? 1 : best[1].score - second[1].score;
  return {
    encoding: best[1].encoding,
    confidence: Math.round(Math.min(0.99, 0.5 + margin) * 100) / 100,
    doubt: second !== undefined && margin < closeScore ? doubtBetween(best[0], second) : null,
  };
}

/** A heading that we know is worth more than letters that merely fit. */
function headingBonus(text: string, highBytes: number): number {
  const cells = text
    .split('\n', 3)
    .flatMap((line) => line.split(/[,;\t|]/))
    .filter((cell) => /[^\0-\x7f]/.test(cell) && isKnownHeading(cell));
  return (cells.join('').length * 0.5) / highBytes;
}

function doubtBetween(text: string, [other, { encoding }]: [string, { encoding: string }]): EncodingDecision['doubt'] {
  const words = text.split(/[,;\t|\r\n]+/);
  const others = other.split(/[,;\t|\r\n]+/);
  const at = words.findIndex((word, index) => word !== others[index]);
  const cut = (word: string | undefined): string => (word ?? '').slice(0, shownCharacters);
  return { encoding, reads: cut(words[at]), instead: cut(others[at]) };
}
