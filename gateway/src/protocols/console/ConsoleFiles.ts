import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** One file of the built console, as it is sent. */
export interface ConsoleFile {
  readonly plain: Buffer;
  /** Null where packing gains nothing. */
  readonly zipped: Buffer | null;
  readonly type: string;
  /** Whether its name changes with its content. */
  readonly lasting: boolean;
  /** What a page may run; null for what is no page. */
  readonly policy: string | null;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ico': 'image/x-icon',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
const packed = new Set(['.html', '.js', '.css', '.txt', '.json', '.svg']);

/** Where the console lies, for browsers. */
export const consolePath = '/console';

/**
 * The built console by the paths at which it is served: only what lies in the folder when it is read, so that no path can lead out of it.
 * Throws ENOENT when the folder is not there.
 */
export function readConsoleFiles(folder: string): ReadonlyMap<string, () => ConsoleFile> {
  const files = new Map<string, () => ConsoleFile>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || entry.name.startsWith('.')) continue;
    const file = join(entry.parentPath, entry.name);
    const name = file.slice(folder.length + 1).replaceAll('\\', '/');
    let loaded: ConsoleFile | null = null;
    const load = () => (loaded ??= loadFile(file, name));
    files.set(`${consolePath}/${name}`, load);
    if (name === 'index.html') files.set(consolePath, load);
    else if (name.endsWith('.html')) files.set(`${consolePath}/${name.slice(0, -'.html'.length)}`, load);
  }
  return files;
}

function loadFile(file: string, name: string): ConsoleFile {
  const plain = readFileSync(file);
  const extension = extname(name);
  return {
    plain,
    zipped: packed.has(extension) ? gzipSync(plain) : null,
    type: types[extension] ?? 'application/octet-stream',
    lasting: name.startsWith('_next/static/'),
    policy: extension === '.html' ? policyOf(plain.toString('utf8')) : null,
  };
}

/** Lets a page run the files of this site and its own inline scripts, each named by its hash, and nothing else. */
function policyOf(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, text]) => `'sha256-${createHash('sha256').update(text!).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    ["script-src 'self'", ...new Set(inline)].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
