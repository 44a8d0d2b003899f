import { join } from 'node:path';
import type { NextConfig } from 'next';

/** Pages as files, for the gateway to serve at /console: everything is behind sign-in, so nothing is rendered by a server. */
const config: NextConfig = {
  output: 'export',
  basePath: '/console',
  images: { unoptimized: true },
  // The client is taken from this repository, as it is built for everybody else.
  turbopack: {
    root: join(import.meta.dirname, '..'),
    resolveAlias: { '@tributary/client': '../client/dist/index.js' },
  },
  outputFileTracingRoot: join(import.meta.dirname, '..'),
  // `npm run console:check` looks at the types.
  typescript: { ignoreBuildErrors: true, tsconfigPath: 'tsconfig.build.json' },
  reactStrictMode: true,
  devIndicators: false,
};

export default config;
