import { LRUCache } from 'lru-cache';
import { Agent, ProxyAgent, request, type Dispatcher } from 'undici';
import { AddressRefused, guardedConnector } from './guardedConnector.js';
import { resolveName, type Resolve } from './resolveName.js';
import { checkedUrl, hostOf } from './checkedUrl.js';
import type { OutgoingRules } from './OutgoingSettings.js';
import { Pace } from './Pace.js';

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Connections are kept for it: the webhook, and the number of its changes. */
  readonly keptFor: string;
}

export interface Answer {
  /** Null: nothing was answered. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Its first 4 KB; without an answer, why there is none. */
  readonly text: string;
  /** Nothing was dialled, because it may not be. */
  readonly refused: boolean;
  readonly durationMs: number;
}

/** What every request says it is from. */
export const userAgent = 'Tributary-Webhooks/1';

const connectMs = 5_000;
const answerMs = 15_000;
const mostRead = 4_096;
const mostKept = 500;
/** To one host, whoever asks. */
const perHostPerSecond = 100;

/** The one way out: requests to receivers outside, to addresses that were checked, never further where an answer points to. */
export class Outgoing implements AsyncDisposable {
  private readonly hosts = new Pace();
  private readonly kept = new LRUCache<string, Dispatcher>({
    max: mostKept,
    ttl: 60_000,
    updateAgeOnGet: true,
    dispose: (dispatcher) => void dispatcher.destroy().catch(() => undefined),
  });

  constructor(
    private readonly settings: OutgoingRules,
    private readonly resolve: Resolve = resolveName,
  ) {}

  /** Waits until a request to this host may begin, and answers whether it had to wait. What is sent is looked at behind that, not before. */
  turn(url: string): Promise<boolean> {
    return URL.canParse(url) ? this.hosts.wait(hostOf(new URL(url)), perHostPerSecond) : Promise.resolve(false);
  }

  /** One request, whose turn it is. Never throws. */
  async post({ url, headers, body, keptFor }: OutgoingRequest): Promise<Answer> {
    const begun = performance.now();
    const took = () => performance.now() - begun;
    try {
      // The settings may have changed since it was registered.
      const target = new URL(checkedUrl(url, this.settings));
      if (this.settings.proxyUrl) await this.checkName(target);
      const response = await request(target, {
        method: 'POST',
        headers: { ...headers, 'user-agent': userAgent },
        body,
        dispatcher: this.dispatcherFor(keptFor),
        signal: AbortSignal.timeout(answerMs),
      });
      return {
        status: response.statusCode,
        headers: response.headers,
        text: await beginningOf(response.body),
        refused: false,
        durationMs: took(),
      };
    } catch (error) {
      const refused = isRefusal(error);
      return { status: null, headers: {}, text: reasonOf(error), refused, durationMs: took() };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.kept.values()];
    this.kept.clear();
    await Promise.allSettled(open.map((each) => each.destroy()));
  }

  private dispatcherFor(keptFor: string): Dispatcher {
    let dispatcher = this.kept.get(keptFor);
    if (!dispatcher) {
      const limits = { headersTimeout: answerMs, bodyTimeout: answerMs, keepAliveTimeout: 30_000, connections: 16 };
      dispatcher = this.settings.proxyUrl
        ? new ProxyAgent({ uri: this.settings.proxyUrl, ...limits })
        : new Agent({ ...limits, connect: guardedConnector(this.settings, connectMs, this.resolve) });
      this.kept.set(keptFor, dispatcher);
    }
    return dispatcher;
  }

  /** A proxy dials by itself: what it is sent to was looked at before. */
  private async checkName(target: URL): Promise<void> {
    const { addresses, ownParts } = this.settings;
    const found = await this.resolve(hostOf(target));
    if (found.length === 0 || !found.every((address) => addresses.mayDial(address))) throw new AddressRefused();
    const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
    for (const address of found) if (await ownParts.areAt(address, port, this.resolve)) throw new AddressRefused();
  }
}

/** What is said after that is not waited for. */
async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes >= mostRead) break;
  }
  return Buffer.concat(parts).subarray(0, mostRead).toString('utf8').replaceAll('\0', '');
}

function isRefusal(error: unknown): boolean {
  if (error instanceof AddressRefused) return true;
  return (
    error instanceof Error && (error.name === 'CodedError' || (error.cause !== undefined && isRefusal(error.cause)))
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'The request failed.';
  if (error.name === 'TimeoutError') return `No answer within ${answerMs / 1_000} s.`;
  const code = 'code' in error ? String(error.code) : null;
  return (code ? `${code}: ${error.message}` : error.message).slice(0, 300);
}
