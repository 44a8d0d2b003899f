import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Imports every file of a folder, so that its agents register themselves: putting a file there is all that an agent needs. */
export async function loadAgents(folder: URL): Promise<void> {
  const ending = extname(fileURLToPath(import.meta.url));
  const files = (await readdir(folder)).filter((file) => extname(file) === ending && !file.endsWith('.d.ts')).sort();
  for (const file of files) await import(new URL(file, folder).href);
}
