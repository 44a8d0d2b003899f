import { excerpt } from '../../rejectRow.js';

/** Header cells to column names that are filled and unique: a second `Name` is `Name (2)`, a blank one `column 4`. */
export function nameColumns(cells: readonly string[]): string[] {
  const taken = new Set<string>();
  return cells.map((cell, index) => {
    const name = excerpt(cell.replace(/\s+/g, ' ').trim()) || `column ${index + 1}`;
    let unique = name;
    for (let copy = 2; taken.has(unique); copy += 1) unique = `${name} (${copy})`;
    taken.add(unique);
    return unique;
  });
}
