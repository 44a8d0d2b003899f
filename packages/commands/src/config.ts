import { ConfigError, readConfig } from '@tributary/kernel';
import { z } from 'zod';
import type { MutualTls } from './MutualTls.js';

/** Mutual TLS between the processes of an installation. */
export const tlsSettings = z.object({
  TLS_CERT: z.string().optional().meta({
    description: 'certificate of this process, PEM; its names are those in the URLs',
    otherwise: 'off',
  }),
  TLS_KEY: z.string().optional().meta({ description: 'its private key', secret: true }),
  TLS_CA: z.string().optional().describe('the authority by which both sides’ certificates are signed'),
});

/**
 * Mutual TLS between the processes of an installation; null when it is off. `urls`: the subgraphs that this process asks.
 * Throws a ConfigError when a part is missing, or a URL would go round it.
 */
export function readTlsConfig(
  urls: Readonly<Record<string, string | undefined>>,
  env: NodeJS.ProcessEnv = process.env,
): MutualTls | null {
  const { TLS_CERT: cert, TLS_KEY: key, TLS_CA: ca } = readConfig(tlsSettings, env);
  if (!cert && !key && !ca) return null;
  if (!cert || !key || !ca)
    throw new ConfigError('TLS_CERT, TLS_KEY and TLS_CA belong together: set all three, or none.');
  for (const [name, url] of Object.entries(urls)) {
    if (url && !url.startsWith('https:'))
      throw new ConfigError(`SUBGRAPH_${name.toUpperCase()}_URL: must begin with https:// when TLS_CERT is set`);
  }
  return { cert: withLineEnds(cert), key: withLineEnds(key), ca: withLineEnds(ca) };
}

/** A PEM in an environment variable often has its line ends written as \n. */
function withLineEnds(pem: string): string {
  return pem.replaceAll('\\n', '\n');
}
