/** The terms of an asset as its row keeps them. No term holds a line end. */
export function joinTerms(terms: readonly string[]): string {
  return `\n${terms.join('\n')}\n`;
}

export function splitTerms(searchText: string): string[] {
  return searchText.split('\n').filter((term) => term !== '');
}

/** What a row's text contains when one of its terms is this, or starts with this. */
export const asTerm = (term: string): string => `\n${term}\n`;
export const asStartOfTerm = (prefix: string): string => `\n${prefix}`;
