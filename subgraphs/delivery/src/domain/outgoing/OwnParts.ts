import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import type { Resolve } from './resolveName.js';

interface OwnPart {
  readonly host: string;
  readonly port: number;
}

const usualPorts: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'postgres:': 5_432,
  'postgresql:': 5_432,
  'redis:': 6_379,
  'rediss:': 6_379,
};
const keptMs = 30_000;

/** Where the product itself listens: nothing is sent there, whatever networks are open. */
export class OwnParts {
  private readonly parts: readonly OwnPart[];
  private readonly known = new LRUCache<string, readonly string[]>({ max: 100, ttl: keptMs });

  /** What is no URL with a host is passed over. */
  constructor(urls: readonly string[]) {
    this.parts = urls.flatMap(partsIn);
  }

  /** Whether one of them listens at this address and port. A name of theirs that leads nowhere just now listens nowhere. */
  async areAt(address: string, port: number, resolve: Resolve): Promise<boolean> {
    const wanted = normal(address);
    for (const { host } of this.parts.filter((part) => part.port === port)) {
      const addresses = await this.addressesOf(host, resolve);
      if (addresses.some((each) => isSame(normal(each), wanted))) return true;
    }
    return false;
  }

  private async addressesOf(host: string, resolve: Resolve): Promise<readonly string[]> {
    if (isIP(host) !== 0) return [host];
    const known = this.known.get(host);
    if (known) return known;
    const found = await resolve(host).catch(() => []);
    this.known.set(host, found);
    return found;
  }
}

/** What listens at a machine's own loopback listens, or may, at every address of that machine. */
function isSame(own: string, wanted: string): boolean {
  if (own === wanted) return true;
  return isLoopback(own) && (isLoopback(wanted) || ownAddresses().has(wanted));
}

function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

function ownAddresses(): ReadonlySet<string> {
  return new Set(
    Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => normal(address))),
  );
}

function normal(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
}

function partsIn(text: string): OwnPart[] {
  if (!URL.canParse(text)) return [];
  const { protocol, hostname, port } = new URL(text);
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const number = port === '' ? usualPorts[protocol] : Number(port);
  return host === '' || number === undefined ? [] : [{ host, port: number }];
}
