import type { RequestInit as RequestInitWith } from 'undici';

/** What a process shows to others of this installation, and by whom their certificates must be signed. All PEM. */
export interface MutualTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** A `fetch` that shows the certificate, and believes only those of the same authority. The plain one without TLS. */
export function createTlsFetch(tls: MutualTls | null): typeof fetch {
  if (!tls) return fetch;
  const { cert, key, ca } = tls;
  // Node's own fetch takes no certificate; undici is that fetch as a package, with the agent that does. Without TLS it is not read.
  const opened = import('undici').then(({ Agent, fetch: fetchWith }) => {
    const dispatcher = new Agent({ connect: { cert, key, ca } });
    return (input: string | URL, init?: RequestInit) => fetchWith(input, { ...(init as RequestInitWith), dispatcher });
  });
  const withCertificate = async (input: string | URL, init?: RequestInit): Promise<unknown> =>
    (await opened)(input, init);
  return withCertificate as typeof fetch;
}
