export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is, and how it is run. */
export interface RedisAddress {
  readonly kind: 'single' | 'cluster' | 'sentinel';
  /** The server; or any nodes of a cluster; or the Sentinels. */
  readonly nodes: readonly [RedisNode, ...RedisNode[]];
  /** What Sentinel calls the servers that it watches. Null for other kinds. */
  readonly name: string | null;
  readonly db: number;
  readonly tls: boolean;
  readonly username: string | null;
  readonly password: string | null;
}

/** How a connection to this address is let in. */
export function entryOf({ tls, username, password }: RedisAddress) {
  return {
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
  };
}

const forms =
  'redis://host:6379, redis+cluster://a:6379,b:6379 or redis+sentinel://a:26379,b:26379/name; rediss… for TLS; user:password@ in front of the hosts';

/** Reads REDIS_URL. Throws an Error whose message says which forms there are. */
export function readRedisAddress(url: string): RedisAddress {
  const parts = /^(rediss?)(?:\+(cluster|sentinel))?:\/\/(?:([^@/]*)@)?([^/?#]+)(?:\/([^?#]*))?$/.exec(url.trim());
  if (!parts) throw new Error(`must be ${forms}`);
  const [, scheme, form, credentials = '', hosts = '', path = ''] = parts;
  const kind = (form as 'cluster' | 'sentinel' | undefined) ?? 'single';
  const tls = scheme === 'rediss';
  const nodes = hosts.split(',').map((host) => readNode(host, kind === 'sentinel' ? 26_379 : 6379));
  if (kind === 'single' && nodes.length > 1)
    throw new Error('names several hosts: write redis+cluster://… or redis+sentinel://…/name');
  const [name = '', dbText = ''] = kind === 'sentinel' ? path.split('/') : ['', path];
  if (kind === 'sentinel' && name === '')
    throw new Error('must say what Sentinel calls its servers: redis+sentinel://a:26379,b:26379/name');
  if (!/^\d*$/.test(dbText)) throw new Error('must have the number of a database behind the last /, or nothing');
  if (kind === 'cluster' && Number(dbText) > 0) throw new Error('cannot name a database: a Redis Cluster has only one');
  const [username, password] = readCredentials(credentials);
  return {
    kind,
    nodes: nodes as [RedisNode, ...RedisNode[]],
    name: name || null,
    db: Number(dbText),
    tls,
    username,
    password,
  };
}

function readNode(text: string, fallbackPort: number): RedisNode {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const number = port === undefined ? fallbackPort : Number(port);
  if (!host || number < 1 || number > 65_535) throw new Error(`must be ${forms}`);
  return { host, port: number };
}

/** `user:password`, `:password`, or `password` alone, each written as in a URL. */
function readCredentials(text: string): [string | null, string | null] {
  if (text === '') return [null, null];
  const at = text.indexOf(':');
  try {
    const [user, password] = at < 0 ? ['', text] : [text.slice(0, at), text.slice(at + 1)];
    return [decodeURIComponent(user) || null, decodeURIComponent(password) || null];
  } catch {
    throw new Error('must write what is no letter or digit in its password as a URL does: %40 for @');
  }
}
