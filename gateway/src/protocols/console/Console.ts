import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpExchange } from '../http/HttpExchange.js';
import type { StoredOperations } from '../../operations/StoredOperations.js';
import { consolePath, readConsoleFiles, type ConsoleFile } from './ConsoleFiles.js';
import { waitingPage, type BuildProgress } from './waitingPage.js';

export interface ConsoleOptions {
  /** The folder that scripts/build-console.mjs writes; it may not be there yet. */
  readonly folder: string;
  /** Learns what the console asks for: its pages send ids and no texts. */
  readonly storedOperations: StoredOperations;
  /** People that the sign-in page offers with one click; embedded mode only. */
  readonly people?: readonly ConsolePerson[];
}

export interface ConsolePerson {
  readonly label: string;
  readonly email: string;
  readonly password: string;
}

/** The file that ends a build: what is in the folder without it is not whole. */
const mark = '.built-with';
const manifestName = 'operations.json';
/** How often a folder is looked at that was not there. */
const lookAgainMs = 500;

/**
 * The console, served whole from here, so that it works without a network. Until it is built its place says how far it is; a build that
 * comes later is taken up at the next request for a page.
 */
export class Console {
  private files: ReadonlyMap<string, () => ConsoleFile> = new Map();
  private builtAt = 0;
  private lookedAt = 0;

  constructor(private readonly options: ConsoleOptions) {
    this.look();
  }

  /** Whether the path is one of the console's, there or not. */
  owns(path: string): boolean {
    return path === consolePath || path.startsWith(`${consolePath}/`);
  }

  serve(exchange: HttpExchange): void {
    const { request, path, response } = exchange;
    if (request.method !== 'GET' && request.method !== 'HEAD') return exchange.refuseMethod('GET, HEAD');
    response.setHeader('referrer-policy', 'same-origin');
    if (path === `${consolePath}/people.json`) return exchange.sendJson(200, { people: this.options.people ?? [] });
    this.look();
    const file = this.files.get(path);
    if (file) return send(exchange, file);
    if (this.files.size === 0 && wantsPage(exchange)) {
      const { html, policy } = waitingPage(this.progress(), Date.now());
      response.setHeader('content-security-policy', policy);
      return exchange.send(200, html, 'text/html; charset=utf-8');
    }
    const missing = this.files.get(`${consolePath}/404.html`);
    if (missing && wantsPage(exchange)) return send(exchange, missing(), 404);
    exchange.send(404, 'There is no such page of the console.\n', 'text/plain; charset=utf-8');
  }

  /** Takes up what was built since. */
  private look(): void {
    if (Date.now() - this.lookedAt < lookAgainMs) return;
    this.lookedAt = Date.now();
    const builtAt = statSync(join(this.options.folder, mark), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (builtAt === this.builtAt || builtAt === 0) return;
    this.files = readConsoleFiles(this.options.folder);
    const manifest = join(this.options.folder, manifestName);
    this.options.storedOperations.addManifest(JSON.parse(readFileSync(manifest, 'utf8')), 'console', 'people');
    this.builtAt = builtAt;
  }

  private progress(): BuildProgress | null {
    try {
      return JSON.parse(readFileSync(`${this.options.folder}.progress.json`, 'utf8')) as BuildProgress;
    } catch {
      return null;
    }
  }
}

function wantsPage(exchange: HttpExchange): boolean {
  return exchange.header('accept')?.includes('text/html') ?? false;
}

function send(exchange: HttpExchange, load: ConsoleFile | (() => ConsoleFile), status = 200): void {
  const file = typeof load === 'function' ? load() : load;
  const { response } = exchange;
  if (file.policy !== null) response.setHeader('content-security-policy', file.policy);
  response.setHeader('cache-control', file.lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('vary', 'accept-encoding');
  const zips = file.zipped !== null && (exchange.header('accept-encoding')?.includes('gzip') ?? false);
  if (zips) response.setHeader('content-encoding', 'gzip');
  exchange.send(status, zips ? file.zipped : file.plain, file.type);
}
