import { Random } from '@tributary/kit';

/** One request that no client of good will sends. */
export interface HostileRequest {
  readonly kind: string;
  /** `ws`: the body is the payload of a subscribe message. */
  readonly over: 'http' | 'ws';
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** What its content-length says, when that is not the truth. */
  readonly announced?: number;
}

type Make = (random: Random) => unknown;

const repeat = (count: number, make: (n: number) => string): string =>
  Array.from({ length: count }, (_none, n) => make(n)).join(' ');
const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const query = (text: string, variables?: unknown): unknown => ({ query: text, ...(variables ? { variables } : {}) });

/** What is sent as an operation, over HTTP and over sockets. Text is sent as it is, anything else as JSON. */
const operations: Readonly<Record<string, Make>> = {
  depth: (r) => query(`${'{ flows { nodes '.repeat(r.between(7, 300))}{ id }${' }'.repeat(3)}`),
  'depth of valid fields': (r) => {
    const levels = r.between(6, 90);
    return query(
      `{ node(id: "x") { ... on Asset { ${'discoveredBy { assets { nodes { '.repeat(levels)} id ${'} } } '.repeat(levels)} } } }`,
    );
  },
  'open braces': (r) => query('{a'.repeat(r.between(2_000, 20_000))),
  aliases: (r) => query(`{ viewer { ${repeat(r.between(31, 400), (n) => `a${n}: role`)} } }`),
  'root aliases': (r) => query(`{ ${repeat(r.between(21, 400), (n) => `a${n}: viewer { role }`)} }`),
  tokens: (r) => query(`{ viewer { ${repeat(r.between(2_001, 20_000), () => 'role')} } }`),
  'one field again and again': (r) => query(`{ viewer { ${repeat(r.between(102, 1_900), () => 'role')} } }`),
  'fragment cycle': (r) => {
    const length = r.between(1, 60);
    return query(
      `{ viewer { ...f0 } } ${repeat(length, (n) => `fragment f${n} on Viewer { role ...f${(n + 1) % length} }`)}`,
    );
  },
  'fragment bomb': (r) => {
    const steps = r.between(12, 120);
    return query(
      `{ viewer { ...f0 } } ${repeat(steps, (n) => `fragment f${n} on Viewer { ...f${n + 1} ...f${n + 1} }`)} fragment f${steps} on Viewer { role }`,
    );
  },
  'fragment bomb of pages': (r) => {
    const steps = r.between(4, 60);
    return query(
      `{ flows(first: 100) { ...f0 } } ${repeat(steps, (n) => `fragment f${n} on FlowConnection { nodes { assets(first: 100) { nodes { discoveredBy { id } } } } ...f${n + 1} ...f${n + 1} }`)} fragment f${steps} on FlowConnection { totalCount }`,
    );
  },
  'many fragments': (r) => {
    const count = r.between(101, 200);
    return query(
      `{ viewer { ${repeat(count, (n) => `...f${n}`)} } } ${repeat(count, (n) => `fragment f${n} on Viewer { role }`)}`,
    );
  },
  directives: (r) => query(`{ viewer { role ${'@include(if: true) '.repeat(r.between(51, 280))} } }`),
  'unknown directives': (r) => query(`{ viewer { role ${repeat(r.between(51, 900), (n) => `@d${n}`)} } }`),
  'a list in the document': (r) =>
    query(`{ assets(filter: { tags: [${'"a" '.repeat(r.between(251, 1_900))}] }) { totalCount } }`),
  'a list in variables': (r) =>
    query('query ($f: AssetFilter) { assets(filter: $f) { totalCount } }', {
      f: { tags: Array(r.between(251, 20_000)).fill('a') },
    }),
  cost: (r) =>
    query(`{ flows(first: ${r.between(60, 100)}) { nodes { assets(first: 100) { nodes { discoveredBy { id } } } } } }`),
  'cost by variables': (r) =>
    query(
      'query ($n: Int!) { flows(first: $n) { nodes { assets(first: $n) { nodes { id alerts(first: $n) { nodes { id } } } } } } }',
      { n: r.between(22, 2_000_000_000) },
    ),
  __proto__: (r) =>
    `{"query":"{ viewer { role } }","variables":{"a":${'{"b":'.repeat(r.between(0, 15))}{"__proto__":{"role":"OWNER"}}${'}'.repeat(15)}`,
  '__proto__ in variables': () =>
    '{"query":"{ viewer { role } }","variables":{"input":{"__proto__":{"role":"OWNER"}}}}',
  constructor: () => query('{ viewer { role } }', { input: { constructor: { prototype: { isAdmin: true } } } }),
  'stored operation __proto__': (r) => ({
    documentId: r.pick(['__proto__', 'constructor', 'toString', '../../etc/passwd', 'x'.repeat(9_000)]),
  }),
  'deep variables': (r) => `{"query":"{ viewer { role } }","variables":${nested(r.between(22, 5_000))}}`,
  'deep lists in variables': (r) => {
    const levels = r.between(22, 5_000);
    return `{"query":"{ viewer { role } }","variables":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
  },
  'deep JSON': (r) => '['.repeat(r.between(1_000, 50_000)),
  'a long string': (r) => query(`{ node(id: "${'x'.repeat(r.between(1_000, 50_000))}") { id } } }`),
  'a long comment': (r) => query(`{ viewer { role } #${'x'.repeat(r.between(1_000, 50_000))}`),
  'a long name': (r) => query(`{ ${'x'.repeat(r.between(1_000, 50_000))} }`),
  'unknown fields': (r) =>
    query(
      `{ ${repeat(r.between(2, 20), (n) => `viewer${n}`)} viewer { ${repeat(r.between(1, 90), (n) => `rol${n}`)} } }`,
    ),
  'many operations': (r) => query(repeat(r.between(401, 2_000), (n) => `query q${n} { viewer { role } }`)),
  'no such operation': () => ({ query: 'query A { viewer { role } }', operationName: 'B' }),
  'a batch': (r) => Array(r.between(1, 500)).fill(query('{ viewer { role } }')),
  'what is no operation': (r) =>
    r.pick<unknown>([
      1,
      null,
      'x',
      {},
      { query: 1 },
      { query: '' },
      { query: '{ viewer }', variables: [] },
      { query: '{' },
    ]),
  noise: (r) =>
    query(Array.from({ length: r.between(1, 300) }, () => String.fromCharCode(r.between(1, 0x2fff))).join('')),
  'broken documents': (r) => {
    const text = '{ flows(first: 5) { nodes { id name phases { name status } } pageInfo { endCursor } } }';
    const at = r.between(0, text.length - 1);
    return query(`${text.slice(0, at)}${r.pick(['$', '{', '((', '...', '"', '\0', '@'])}!!${text.slice(at)}`);
  },
};

const json = { 'content-type': 'application/json' };

/** What only HTTP can carry. */
const requests: Readonly<Record<string, (random: Random) => Omit<HostileRequest, 'kind' | 'over'>>> = {
  '20 MB announced': () => ({ body: Buffer.alloc(16_384, ' '), headers: json, announced: 20 * 1024 * 1024 }),
  'over 256 KB': (r) => ({
    body: Buffer.from(JSON.stringify(query('{ viewer { role } }', { a: 'x'.repeat(r.between(262_144, 300_000)) }))),
    headers: json,
  }),
  'over 256 KB in chunks': (r) => ({
    body: Buffer.alloc(r.between(270_000, 400_000), ' '),
    headers: { ...json, 'transfer-encoding': 'chunked' },
  }),
  'broken UTF-8': (r) => ({
    body: Buffer.concat([
      Buffer.from('{"query":"{ viewer { role } }'),
      r.bytes(50),
      Buffer.from([0xc3, 0x28, 0xff]),
      Buffer.from('"}'),
    ]),
    headers: json,
  }),
  'another content type': (r) => ({
    body: Buffer.from('query={viewer{role}}'),
    headers: {
      'content-type': r.pick([
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json; charset=utf-16',
      ]),
    },
  }),
  compressed: () => ({
    body: Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]),
    headers: { ...json, 'content-encoding': 'gzip' },
  }),
  'ingest of something else': () => ({
    body: Buffer.from('{"query":"{ viewer { role } }"}'),
    headers: { ...json, 'x-tributary-ingest': '1' },
  }),
  'two credentials': () => ({
    body: Buffer.from('{"query":"{ viewer { role } }"}'),
    headers: { ...json, 'x-api-key': 'trib_x' },
  }),
  'a forged context': (r) => ({
    body: Buffer.from('{"query":"{ viewer { rol } }"}'),
    headers: { ...json, 'x-tributary-context': r.bytes(300).toString('base64url') },
  }),
};

/** The most that a socket takes is 64 KB, behind which it is closed: those are tried apart. */
const socketBytes = 60_000;
const shareOfSockets = 0.2;

/** An endless row of hostile requests; the same seed gives the same row. */
export function* hostileRequests(seed: number): Generator<HostileRequest, never> {
  const random = new Random(seed);
  const makers = [
    ...Object.entries(operations).map(
      ([kind, make]) => [kind, (r: Random) => ({ body: bodyOf(make(r)), headers: json })] as const,
    ),
    ...Object.entries(requests),
  ];
  for (;;) {
    const [kind, make] = random.pick(makers);
    const request = make(random);
    const fits = kind in operations && request.body.length < socketBytes;
    yield { kind, over: fits && random.next() < shareOfSockets ? 'ws' : 'http', ...request };
  }
}

function bodyOf(made: unknown): Buffer {
  return Buffer.from(typeof made === 'string' ? made : JSON.stringify(made));
}
