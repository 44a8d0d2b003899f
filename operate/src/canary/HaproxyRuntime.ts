import { connect } from 'node:net';

/** What HAProxy says of one server of a backend. Counters only grow until HAProxy starts anew. */
export interface ServerState {
  /** Whether requests are sent there: its check says that it is ready, and nobody has taken it out. */
  readonly up: boolean;
  /** Its part of the requests, beside the parts of the others: 0 to 256. */
  readonly weight: number;
  readonly requests: number;
  /** Answers with 500 and above, refused and broken connections. */
  readonly failed: number;
}

const patienceMs = 5_000;

/** HAProxy's runtime API: `stats socket … level admin` of its configuration, as a path or as host:port. */
export class HaproxyRuntime {
  constructor(private readonly address: string) {}

  /** The servers of a backend. Throws when there is no such backend. */
  async servers(backend: string): Promise<Map<string, ServerState>> {
    const [head = '', ...lines] = (await this.say('show stat')).trim().split('\n');
    const names = head.replace(/^# /, '').split(',');
    const rows = lines.map((line) => new Map(line.split(',').map((value, at) => [names[at]!, value])));
    const own = rows.filter(
      (row) => row.get('pxname') === backend && !['FRONTEND', 'BACKEND'].includes(row.get('svname')!),
    );
    if (own.length === 0) throw new Error(`HAProxy has no backend "${backend}" with servers: name one with --backend.`);
    return new Map(own.map((row) => [row.get('svname')!, stateOf(row)]));
  }

  /** Gives a server its part of the requests; 0 sends it nothing new. What is under way there goes on. */
  async setWeight(backend: string, server: string, weight: number): Promise<void> {
    const said = (await this.say(`set server ${backend}/${server} weight ${weight}`)).trim();
    if (said) throw new Error(`HAProxy does not give ${backend}/${server} the weight ${weight}: ${said}`);
  }

  private say(command: string): Promise<string> {
    const [host, port] = this.address.includes('/') ? [] : this.address.split(':');
    return new Promise((resolve, reject) => {
      const socket = port ? connect(Number(port), host) : connect(this.address);
      const parts: Buffer[] = [];
      socket.setTimeout(patienceMs, () => socket.destroy(new Error('HAProxy does not answer its runtime API.')));
      socket.once('error', (cause) =>
        reject(new Error(`HAProxy's runtime API is not reachable at ${this.address}: ${cause.message}`, { cause })),
      );
      socket.on('data', (part: Buffer) => parts.push(part));
      socket.once('end', () => resolve(Buffer.concat(parts).toString('utf8')));
      socket.write(`${command}\n`);
    });
  }
}

function stateOf(row: ReadonlyMap<string, string>): ServerState {
  const count = (name: string) => Number(row.get(name) ?? 0);
  return {
    up: /^UP\b/.test(row.get('status') ?? ''),
    weight: count('weight'),
    requests:
      count('hrsp_1xx') +
      count('hrsp_2xx') +
      count('hrsp_3xx') +
      count('hrsp_4xx') +
      count('hrsp_5xx') +
      count('hrsp_other'),
    failed: count('hrsp_5xx') + count('econ') + count('eresp'),
  };
}
