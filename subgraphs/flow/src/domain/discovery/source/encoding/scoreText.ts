import { commonCharacters, type EastAsian } from './candidates.js';

/** Accented letters that European languages write often, in lower case. */
const commonLatin = new Set('äöüßéèêëàâçîïôûùæœñáíóúãõåøąćęłńśźżčďěňřšťůýžőűğışìòăâîșțşţ');
/** Letters that the bytes of other encodings turn into, and that hardly any word has. */
const rareLatin = new Set('ÿþðƒŸÐÞ');
const commonCyrillic = new Set('оеаинтсрвлкмдпуя');
const otherRussian = new Set('ыьгзбчйхжшюцщэфёъіїєґ');
const typographic = new Set('–—‘’“”„•…€£°²³µ©®™«»¿¡·×§ªº');

const letter = /\p{L}|\p{M}/u;
const han = /\p{Script=Han}/u;
const kana = /[\u3040-\u30ff]/u;
const halfWidthKana = /[\uff61-\uff9f]/u;
const wide = /[\u3000-\u303f\uff01-\uff60]/u;

/**
 * How much a reading of bytes looks like words, for each of its `highBytes` bytes above 127: about 1 for text of the right encoding,
 * below 0 for symbols and boxes inside words, capitals behind small letters and mixed scripts.
 */
export function scoreText(text: string, highBytes: number, script: EastAsian | undefined): number {
  if (highBytes === 0) return 0;
  const characters = [...text];
  let score = 0;
  let run = 0;
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index]!;
    if (character < '\u0080') {
      run = 0;
      continue;
    }
    run += 1;
    score += scoreCharacter(character, characters[index - 1] ?? ' ', characters[index + 1] ?? ' ', run, script);
  }
  return score / highBytes;
}

function scoreCharacter(
  character: string,
  before: string,
  after: string,
  run: number,
  script: EastAsian | undefined,
): number {
  if (character === '\uFFFD' || /\p{Co}|\p{Cn}/u.test(character)) return -4;
  if (character < '\u00a0') return -2;
  // Words of East Asia stand beside ASCII words, not inside them.
  const inside = (/[a-z]/.test(before) ? 1.3 : 0) + (/[a-z]/.test(after) ? 1.3 : 0);
  if (kana.test(character)) return (script === 'japanese' ? 2 : 0.2) - inside;
  if (halfWidthKana.test(character)) return -0.2;
  if (wide.test(character)) return script === undefined ? -1 : 0.8;
  if (han.test(character)) return scoreHan(character, script) - inside;
  if (character >= '\uac00' && character <= '\ud7a3')
    return (script === 'korean' ? scoreHan(character, script) : -1) - inside;
  if (!letter.test(character)) return scoreSymbol(character, before, after);
  if (script !== undefined) return -0.5;
  const mixed = isOtherScript(character, before) || isOtherScript(character, after) ? 1.5 : 0;
  return scoreLetter(character, before, run) - mixed;
}

function scoreHan(character: string, script: EastAsian | undefined): number {
  if (script === undefined) return -2;
  return commonCharacters(script).has(character) ? 2 : -0.6;
}

function scoreSymbol(character: string, before: string, after: string): number {
  if (character === '’' && letter.test(before) && letter.test(after)) return 0.3;
  const beside = Number(letter.test(before)) + Number(letter.test(after));
  if (typographic.has(character)) return beside === 2 ? -1.2 : /\d/.test(before) ? 0.3 : beside === 1 ? -0.3 : 0;
  return beside === 0 ? -0.8 : -1.4;
}

function scoreLetter(character: string, before: string, run: number): number {
  const lower = character.toLowerCase();
  if (character !== lower && /\p{Ll}/u.test(before)) return -1.5;
  const share = character === lower ? 1 : 0.9;
  if (/\p{Script=Cyrillic}/u.test(character))
    return share * (commonCyrillic.has(lower) ? 1.1 : otherRussian.has(lower) ? 0.7 : -0.2);
  if (!/\p{Script=Latin}/u.test(character)) return share * 0.7;
  // Words have one accented letter, or two beside each other, hardly ever three.
  const crowd = run >= 3 ? 1.2 : run === 2 ? 0.15 : 0;
  const worth = rareLatin.has(character) ? -0.3 : commonLatin.has(lower) ? 1 : 0.4;
  return share * worth - crowd;
}

function isOtherScript(character: string, neighbour: string): boolean {
  if (!letter.test(neighbour)) return false;
  return /\p{Script=Latin}/u.test(character) !== /\p{Script=Latin}/u.test(neighbour);
}
