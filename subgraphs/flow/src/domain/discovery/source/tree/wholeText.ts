import { SourceError } from '../../sourceErrors.js';
import { sourceLimits } from '../../sourceLimits.js';
import type { TextChunk } from '../encoding/decodeBytes.js';

/** A text that has to be parsed whole. Throws SourceError when it is longer than what is held at once. */
export async function wholeText(
  chunks: AsyncIterable<TextChunk>,
  language: string,
): Promise<{ text: string; bytesRead: number }> {
  const parts: string[] = [];
  let characters = 0;
  let bytesRead = 0;
  for await (const chunk of chunks) {
    parts.push(chunk.text);
    characters += chunk.text.length;
    bytesRead = chunk.bytesRead;
    if (characters > sourceLimits.wholeDocument) {
      const most = Math.round(sourceLimits.wholeDocument / 1_048_576);
      throw new SourceError(
        'LINE_TOO_LONG',
        `The ${language} has more than ${most} MB, which is the most that can be read at once. Split it, or export it as JSON or CSV.`,
      );
    }
  }
  if (parts.join('').trim() === '')
    throw new SourceError('EMPTY_SOURCE', `The source is empty. Upload ${language} with records.`);
  return { text: parts.join(''), bytesRead };
}
