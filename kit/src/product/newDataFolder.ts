import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A new folder in the temporary one that PostgreSQL can reach when it runs as another user, as it does below root. */
export function newDataFolder(purpose: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `tributary-${purpose}-`));
  chmodSync(folder, 0o711);
  return folder;
}
