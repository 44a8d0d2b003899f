import { Platform0001 } from './0001-platform.js';

/** Every migration, oldest first. One table's story a file. */
export const migrations: readonly Function[] = [Platform0001];
