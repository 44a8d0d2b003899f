import { Random } from '@tributary/kit';

export interface Target {
  readonly kind: string;
  readonly url: string;
  /** What its name leads to, in the order in which it is asked; beyond the end the last one again. */
  readonly answers?: readonly (readonly string[])[];
}

/** An address that is nobody's, but could be somebody's: requests to it are not refused. */
export const publicAddress = '93.184.216.34';
export const publicAddressV6 = '2606:2800:220:1::1';

/** First number, second number, or all of them from there on drawn. */
const ranges = {
  'this network': '0',
  private10: '10',
  'carrier-grade': '100.64',
  loopback: '127',
  'link-local': '169.254',
  private172: '172.20',
  'protocol assignments': '192.0.0',
  documentation: '192.0.2',
  private192: '192.168',
  benchmarking: '198.18',
  documentation2: '198.51.100',
  documentation3: '203.0.113',
  multicast: '224.0',
  reserved: '240',
} as const;
const metadata = ['169.254.169.254', '100.100.100.200', '192.0.0.192'];
const inV6 = [
  '::',
  '::1',
  'fe80::1',
  'fe80::a9fe:a9fe',
  'fec0::1',
  'fc00::1',
  'fd00:ec2::254',
  'fd12:3456:789a::1',
  'ff02::1',
  '2001:db8::1',
  '2001:0:7f00:1::',
  '100::1',
];
const innerNames = [
  'localhost',
  'localhost.',
  'db.localhost',
  'printer.local',
  'metadata.google.internal',
  'wiki.intranet',
  'router.home.arpa',
  'intranet',
];
const ports = [22, 25, 80, 6379, 8080, 8443];

/** At least 200, of every kind; which addresses stand for a range is drawn. */
export function hostileTargets(seed: string): Target[] {
  const random = new Random(seed);
  const addresses = [...Object.values(ranges).map((range) => drawn(range, random)), ...metadata];
  let names = 0;
  const named = (kind: string, ...answers: readonly string[][]): Target => ({
    kind,
    url: `https://n${(names += 1)}.receiver.example/`,
    answers,
  });
  return [
    ...addresses.flatMap((address) => notations(address).map(([kind, host]) => ({ kind, url: `https://${host}/` }))),
    ...inV6.map((address) => ({ kind: 'IPv6', url: `https://[${address}]/` })),
    ...innerNames.map((name) => ({ kind: 'inner name', url: `https://${name}/`, answers: [['127.0.0.1']] })),
    ...addresses.map((address) => named('name', [address])),
    ...inV6.map((address) => named('name, IPv6', [address])),
    ...addresses.map((address) => named('name, mapped', [`::ffff:${address}`])),
    ...addresses.map((address) => named('name, beside a public address', [publicAddress, address])),
    ...addresses.map((address) => named('name that changes', [address], [publicAddress])),
    ...ports.map((port) => ({
      ...named('port', [publicAddress]),
      url: `https://n${(names += 1)}.receiver.example:${port}/`,
    })),
    ...['user@', 'user:secret@', `${publicAddress}@`].map((info) => ({
      kind: 'user info',
      url: `https://${info}127.0.0.1/`,
    })),
    ...['http', 'ftp', 'ws', 'gopher'].map((scheme) => ({ kind: 'scheme', url: `${scheme}://127.0.0.1/` })),
  ];
}

function drawn(range: string, random: Random): string {
  const numbers = range.split('.');
  while (numbers.length < 4) numbers.push(String(random.between(1, 254)));
  return numbers.join('.');
}

/** As browsers and resolvers take them. */
function notations(address: string): [kind: string, host: string][] {
  const parts = address.split('.').map(Number) as [number, number, number, number];
  const whole = parts.reduce((sum, part) => sum * 256 + part, 0);
  const hex = (part: number) => part.toString(16).padStart(2, '0');
  const pair = `${hex(parts[0])}${hex(parts[1])}:${hex(parts[2])}${hex(parts[3])}`;
  return [
    ['dotted', address],
    ['decimal', String(whole)],
    ['hexadecimal', `0x${whole.toString(16)}`],
    ['octal', parts.map((part) => `0${part.toString(8)}`).join('.')],
    ['short', `${parts[0]}.${parts[1]}.${parts[2] * 256 + parts[3]}`],
    ['IPv4 within IPv6', `[::ffff:${pair}]`],
    ['IPv4 as IPv6', `[::${pair}]`],
    ['NAT64', `[64:ff9b::${pair}]`],
    ['6to4', `[2002:${pair}::1]`],
  ];
}
