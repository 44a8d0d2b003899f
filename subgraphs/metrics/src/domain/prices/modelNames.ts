const date = /[-@](?:\d{4}-?\d{2}-?\d{2}|\d{4}|latest)$/;

/**
 * What a model may be called in a table of prices, the longest name first: as sent, without the provider in front (`openai/gpt-4o`), and
 * without the date of its version behind (`gpt-4o-2024-08-06`). All lower case.
 */
export function modelNames(model: string): string[] {
  const sent = model.trim().toLowerCase();
  const bare = sent.slice(sent.lastIndexOf('/') + 1);
  return [...new Set([sent, bare, sent.replace(date, ''), bare.replace(date, '')])].filter((name) => name !== '');
}
