import { isIP } from 'node:net';
import { CodedError } from '@tributary/contracts/errors';
import type { OutgoingRules } from './OutgoingSettings.js';

const longest = 2_000;
const innerNames = /(^|\.)(localhost|local|internal|intranet|home\.arpa)$/;

/**
 * The address of a receiver as it is kept. Throws INVALID_INPUT: reason PLAIN_HTTP for one without TLS, else URL_REFUSED. What a name
 * leads to is checked when it is dialled, each time.
 */
export function checkedUrl(text: string, settings: OutgoingRules): string {
  const url = URL.canParse(text) && text.length <= longest ? new URL(text) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw refused('The URL must begin with https:// and have 2,000 characters at most.');
  const host = hostOf(url);
  // A name may lead elsewhere tomorrow; an address stays where it is.
  const isOpenedAddress = isIP(host) !== 0 && settings.addresses.isOpened(host);
  if (url.protocol === 'http:' && !isOpenedAddress)
    throw refused(
      'Receivers are reached over https:// only, apart from IP addresses of networks that the operator has opened (WEBHOOK_ALLOW_ADDRESSES).',
      'PLAIN_HTTP',
    );
  if (url.username !== '' || url.password !== '')
    throw refused('The URL must not hold a name or password. Use a header for it.');
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (!settings.ports.includes(port) && !isOpenedAddress)
    throw refused(`The URL’s port must be ${settings.ports.join(' or ')}.`);
  if (isIP(host) !== 0 ? !settings.addresses.mayDial(host) : innerNames.test(host) || !host.includes('.'))
    throw refused(
      'The URL must lead to a public address, or to an IP address of a network that the operator has opened (WEBHOOK_ALLOW_ADDRESSES).',
    );
  url.hash = '';
  return url.href;
}

/** Without the brackets of IPv6, and without a dot at the end. */
export function hostOf(url: URL): string {
  return url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

function refused(message: string, reason = 'URL_REFUSED'): CodedError {
  return new CodedError('INVALID_INPUT', message, { field: 'url', reason });
}
