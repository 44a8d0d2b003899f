import ipaddr from 'ipaddr.js';

/** Never, whatever is allowed: addresses of a machine's neighbours, where clouds keep credentials, and what is nobody's. */
const shut = new Set(['linkLocal', 'unspecified', 'multicast', 'broadcast', 'reserved']);
/** IPv4 addresses in an old form, which are dialled as what they hold and counted as public ones. */
const compatible = ipaddr.IPv6.parseCIDR('::/96');

/** Which addresses may be dialled: public ones, and those of networks that the operator has opened. */
export class AddressPolicy {
  private readonly allowed: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];

  /** Networks such as 10.0.0.0/8. Throws for what is none. */
  constructor(networks: readonly string[]) {
    this.allowed = networks.map((network) => ipaddr.parseCIDR(network));
  }

  /** Whatever is no address may not. */
  mayDial(text: string): boolean {
    const address = addressIn(text);
    if (!address || shut.has(address.range())) return false;
    return isPublic(address) || this.isAllowed(address);
  }

  /** Whether it is in a network that the operator has opened. */
  isOpened(text: string): boolean {
    const address = addressIn(text);
    return address !== null && !shut.has(address.range()) && this.isAllowed(address);
  }

  private isAllowed(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
    return this.allowed.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
  }
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || !address.match(compatible);
}

/** IPv4 within IPv6 is taken for what it is. */
function addressIn(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  return ipaddr.isValid(text) ? ipaddr.process(text) : null;
}
