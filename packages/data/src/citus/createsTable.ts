/**
 * Whether a statement makes an ordinary table. On Citus it is made out of its sight: a foreign key to a table that is spread already would be
 * refused, until this one is spread, too.
 */
export function createsTable(text: string): boolean {
  return /^\s*create table\b/i.test(text) && !/\bpartition of\b/i.test(text);
}
