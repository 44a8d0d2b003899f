import { CodedError } from '@tributary/contracts/errors';

const maxSearch = 200;
const maxSearchWords = 10;

/** The words of a search, as parts of a name or title. Throws INVALID_INPUT for one that is too long. */
export function searchedWords(search: string): string[] {
  const words = search.length > maxSearch ? [] : search.split(/\s+/).filter((word) => word !== '');
  if (search.length > maxSearch || words.length > maxSearchWords || search.includes('\0')) {
    throw new CodedError(
      'INVALID_INPUT',
      `A search has at most ${maxSearchWords} words and ${maxSearch} characters, none of them NUL.`,
      { field: 'filter.search' },
    );
  }
  return words;
}
