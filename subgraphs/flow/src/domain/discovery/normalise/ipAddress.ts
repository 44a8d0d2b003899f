/**
 * The canonical form of one IPv4 or IPv6 address, or null. A prefix length (`/24`), brackets, a zone and an IPv4 port
 * are taken off; a whole network (`10.0.0.0/24`) is no address. Octets with leading zeros are refused: some systems read them as octal.
 */
export function readIpAddress(text: string): string | null {
  const trimmed = text.trim();
  const slash = trimmed.indexOf('/');
  const bare = slash === -1 ? trimmed : trimmed.slice(0, slash);
  if (bare.indexOf(':') === -1) {
    if (slash === -1) return readIpv4(bare);
    return isPrefix(trimmed, slash, 32) && !isNetwork(bare, trimmed.slice(slash + 1)) ? readIpv4(bare) : null;
  }
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(bare);
  if (withPort !== null) return readIpv4(withPort[1]!);
  const inner = bare.startsWith('[') ? bare.slice(1, bare.includes(']') ? bare.indexOf(']') : undefined) : bare;
  if (slash === -1) return readIpv6(inner.split('%', 1)[0]!);
  const isHost = !bare.endsWith('::') || Number(trimmed.slice(slash + 1)) > 126;
  return isPrefix(trimmed, slash, 128) && isHost ? readIpv6(inner.split('%', 1)[0]!) : null;
}

/** Whether an address can be an asset's own: not loopback, link-local or unspecified. */
function isUsableAddress(address: string): boolean {
  return !/^(127\.|0\.0\.0\.0$|169\.254\.|255\.255\.255\.255$|::1?$|fe[89ab])/.test(address);
}

/** Of several, the first IPv4 address that can be its own, or the first of any kind; another one only when nothing else is there. */
export function bestAddress(addresses: readonly string[]): string | null {
  const usable = addresses.filter(isUsableAddress);
  return usable.find((address) => !address.includes(':')) ?? usable[0] ?? addresses[0] ?? null;
}

function isPrefix(text: string, slash: number, limit: number): boolean {
  const prefix = text.slice(slash + 1);
  return (/^\d{1,3}$/.test(prefix) && Number(prefix) <= limit) || /^255(\.\d{1,3}){3}$/.test(prefix);
}

/** Whether nothing is left of the address behind its prefix: then it is the network's. */
function isNetwork(address: string, prefix: string): boolean {
  const bits = /^\d+$/.test(prefix) ? Number(prefix) : prefixOfMask(prefix);
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return bits < 31 && value % 2 ** (32 - bits) === 0;
}

function prefixOfMask(mask: string): number {
  const value = mask.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return 32 - Math.round(Math.log2(2 ** 32 - value));
}

function readIpv4(text: string): string | null {
  if (text.length < 7 || text.length > 15) return null;
  let octets = 0;
  let value = -1;
  let digits = 0;
  for (let index = 0; index <= text.length; index += 1) {
    const code = index < text.length ? text.charCodeAt(index) : 0x2e;
    if (code === 0x2e) {
      if (digits === 0 || value > 255) return null;
      octets += 1;
      value = -1;
      digits = 0;
    } else if (code >= 0x30 && code <= 0x39) {
      if (digits === 1 && value === 0) return null;
      value = (value === -1 ? 0 : value * 10) + (code - 0x30);
      digits += 1;
    } else return null;
  }
  return octets === 4 ? text : null;
}

function readIpv6(text: string): string | null {
  const lower = text.toLowerCase();
  if (lower.length < 2 || lower.length > 45 || !/^[0-9a-f:.]+$/.test(lower)) return null;
  const halves = lower.split('::');
  if (halves.length > 2) return null;
  const left = groupsOf(halves[0]!);
  const right = halves.length === 2 ? groupsOf(halves[1]!) : [];
  if (left === null || right === null) return null;
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  return compress([...left, ...Array.from({ length: halves.length === 2 ? missing : 0 }, () => 0), ...right]);
}

function groupsOf(half: string): number[] | null {
  if (half === '') return [];
  const groups: number[] = [];
  const parts = half.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      if (index !== parts.length - 1 || readIpv4(part) === null) return null;
      const [a, b, c, d] = part.split('.').map(Number);
      groups.push(a! * 256 + b!, c! * 256 + d!);
    } else {
      if (!/^[0-9a-f]{1,4}$/.test(part)) return null;
      groups.push(parseInt(part, 16));
    }
  }
  return groups;
}

/** RFC 5952: the longest run of two or more zero groups becomes `::`. */
function compress(groups: readonly number[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.start === -1) return hex.join(':');
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`;
}
