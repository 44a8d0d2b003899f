import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface ServerListOptions {
  readonly rows: number;
  /** In every name and key, so that two lists share no asset. */
  readonly prefix: string;
  /** Each so many rows one names another server as what it depends on. Default 10. */
  readonly dependencyEvery?: number;
  /** Each so many rows one has an address that is none, and is rejected. Default 1,000. */
  readonly brokenEvery?: number;
}

const header = 'asset_tag,hostname,type,ip_address,operating system,environment,department,status,owner,depends on';
const kinds = ['server', 'virtual machine', 'database server', 'switch'];
const systems = ['Debian 12', 'Ubuntu 24.04', 'Windows Server 2022', 'RHEL 9'];
const departments = ['Finance', 'Logistics', 'Customer Care', 'Research'];
const rowsPerChunk = 2_000;

/** An export of a CMDB that was made up: ten columns, about 110 bytes a row. */
export function* serverList({
  rows,
  prefix,
  dependencyEvery = 10,
  brokenEvery = 1_000,
}: ServerListOptions): Generator<string> {
  yield `${header}\n`;
  for (let start = 0; start < rows; start += rowsPerChunk) {
    let chunk = '';
    for (let n = start; n < Math.min(start + rowsPerChunk, rows); n += 1) {
      const address = n % brokenEvery === brokenEvery - 1 ? '10.300.0.1' : addressOf(n);
      const neighbour = n > 0 && n % dependencyEvery === 0 ? hostname(prefix, n - 1) : '';
      chunk +=
        `${prefix}-${n},${hostname(prefix, n)},${kinds[n % 4]},${address},${systems[n % 4]},` +
        `${n % 3 ? 'production' : 'test'},${departments[n % 4]},${n % 17 ? 'in use' : 'decommissioned'},` +
        `owner${n % 500}@corp.example,${neighbour}\n`;
    }
    yield chunk;
  }
}

/** Writes it piece by piece. */
export async function writeServerList(file: string, options: ServerListOptions): Promise<void> {
  await pipeline(Readable.from(serverList(options)), createWriteStream(file));
}

export function serverListBuffer(options: ServerListOptions): Buffer {
  return Buffer.from([...serverList(options)].join(''));
}

const hostname = (prefix: string, n: number): string => `${prefix}-${String(n).padStart(7, '0')}.corp.example`;
const addressOf = (n: number): string => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
