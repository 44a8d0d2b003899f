import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ConfigError } from '@tributary/kernel';
import type { HttpExchange } from '../http/HttpExchange.js';

export interface SandboxOptions {
  /** The folder that scripts/build-graphiql.mjs wrote. */
  readonly folder: string;
  /** People that the page offers to sign in as with one click; embedded mode only. */
  readonly people: readonly SandboxPerson[];
}

export interface SandboxPerson {
  readonly label: string;
  readonly email: string;
  readonly password: string;
}

interface StoredFile {
  readonly plain: Buffer;
  readonly zipped: Buffer;
  readonly type: string;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
  '.svg': 'image/svg+xml',
  '.html': 'text/html; charset=utf-8',
};

/** GraphiQL, served whole from here: page, code, workers and fonts, so that it works without a network. */
export class Sandbox {
  private readonly files = new Map<string, () => StoredFile>();
  private readonly page: string;

  /** Throws a ConfigError when the page has not been built. */
  constructor(options: SandboxOptions) {
    try {
      for (const name of readdirSync(options.folder)) {
        if (name.startsWith('.') || name === 'index.html') continue;
        let loaded: StoredFile | null = null;
        this.files.set(`/sandbox/${name}`, () => (loaded ??= load(join(options.folder, name))));
      }
    } catch (cause) {
      throw new ConfigError('The GraphiQL page is not built: run "node scripts/build-graphiql.mjs".', { cause });
    }
    const page = readFileSync(join(options.folder, 'index.html'), 'utf8');
    const settings = JSON.stringify({ people: options.people }).replaceAll('<', '\\u003c');
    this.page = page.replace('"__SETTINGS__"', () => settings);
  }

  /** Whether a browser asks for a page, rather than a client for an answer. */
  wants(exchange: HttpExchange): boolean {
    return (
      exchange.request.method === 'GET' &&
      (exchange.header('accept')?.includes('text/html') ?? false) &&
      !exchange.query.has('query')
    );
  }

  servePage(exchange: HttpExchange): void {
    exchange.response.setHeader(
      'content-security-policy',
      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    );
    exchange.response.setHeader('referrer-policy', 'no-referrer');
    exchange.send(200, this.page, types['.html']!);
  }

  /** False when this is no file of the page. */
  serveFile(exchange: HttpExchange): boolean {
    const stored = exchange.request.method === 'GET' ? this.files.get(exchange.path)?.() : undefined;
    if (!stored) return false;
    const zips = exchange.header('accept-encoding')?.includes('gzip') ?? false;
    exchange.response.setHeader(
      'cache-control',
      /-[A-Z0-9]{8}\./.test(exchange.path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    );
    if (zips) exchange.response.setHeader('content-encoding', 'gzip');
    exchange.send(200, zips ? stored.zipped : stored.plain, stored.type);
    return true;
  }
}

function load(path: string): StoredFile {
  const plain = readFileSync(path);
  return { plain, zipped: gzipSync(plain), type: types[extname(path)] ?? 'application/octet-stream' };
}
