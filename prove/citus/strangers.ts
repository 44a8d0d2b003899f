import { Socket } from 'node:net';
import pg from 'pg';

/** Roles that may log in on Citus alone, without a password, for the cluster's nodes. */
const ownersRoles = ['owner', 'resolver'];
/** Any address of this machine that no node has. */
const elsewhere = '127.0.0.77';

/** Tries to come in as owner and as resolver from an address that no node has, and with a wrong password; names the doors that were open. */
export async function openDoors(urls: readonly string[]): Promise<{ tried: number; open: string[] }> {
  const open: string[] = [];
  let tried = 0;
  for (const url of urls)
    for (const role of ownersRoles) {
      tried += 1;
      if (await comesIn(url, role)) open.push(`${role} comes in at ${new URL(url).host} from elsewhere`);
    }
  return { tried, open };
}

async function comesIn(url: string, role: string): Promise<boolean> {
  const as = new URL(url);
  as.username = role;
  as.password = 'a-guess';
  const isHere = as.hostname.startsWith('127.');
  const client = new pg.Client({
    connectionString: as.href,
    connectionTimeoutMillis: 3_000,
    ...(isHere ? { stream: () => new StrangersSocket() } : {}),
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Comes from an address of its own. */
class StrangersSocket extends Socket {
  override connect(...given: unknown[]): this {
    const [port, host] = given as [number, string];
    return super.connect({ port, host, localAddress: elsewhere });
  }
}
