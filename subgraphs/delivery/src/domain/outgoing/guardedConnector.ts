import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import type { OutgoingRules } from './OutgoingSettings.js';
import { resolveName, type Resolve } from './resolveName.js';

/** Of a receiver that may not be dialled. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';

  constructor() {
    super(
      'The receiver is at an address that webhooks may not go to: no public one, or one of this product’s own parts.',
    );
  }
}

/**
 * Dials only what was checked: a name is resolved once, each of its addresses is looked at, and the very address that passed is dialled,
 * with the name for TLS. An address that was written as such passes here, too: Node asks no look-up for it.
 */
export function guardedConnector(
  { addresses, ownParts }: Pick<OutgoingRules, 'addresses' | 'ownParts'>,
  connectMs: number,
  resolve: Resolve = resolveName,
): buildConnector.connector {
  const dial = buildConnector({ timeout: connectMs, allowH2: false });
  return (options, callback) => {
    const name = options.hostname.replace(/^\[|\]$/g, '');
    const isLiteral = isIP(name) !== 0;
    const checked = async (): Promise<string> => {
      const found = isLiteral ? [name] : await resolve(name);
      const [address] = found;
      if (address === undefined || !found.every((each) => addresses.mayDial(each))) throw new AddressRefused();
      const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
      for (const each of found) if (await ownParts.areAt(each, port, resolve)) throw new AddressRefused();
      return address;
    };
    checked().then(
      (address) => {
        const tls = options.protocol === 'https:' && !isLiteral ? { servername: name } : {};
        dial({ ...options, ...tls, hostname: address }, callback);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
}
