import { closeAtSignal, runAsProcess } from '@tributary/process';
import { ConfigError } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { EmbeddedPostgresError } from '@tributary/postgres';
import { readEmbeddedConfig } from './config.js';
import { startEmbedded } from './startEmbedded.js';

await runAsProcess(async () => {
  const config = readEmbeddedConfig();
  const logger = createLogger({ name: 'tributary', level: config.LOG_LEVEL });
  const tributary = await startEmbedded(config, logger, (error) => {
    logger.fatal({ err: error }, 'PostgreSQL has ended; Tributary ends, too');
    process.exit(1);
  });
  closeAtSignal(() => tributary.close());
  console.log(`Tributary is ready at ${tributary.url}`);
  console.log(
    tributary.hasDemoPeople
      ? 'Sign in as owner@acme.example (or admin@, operator@, viewer@; or @globex.example), password tributary-demo.'
      : 'Others can reach this address, so the demo people cannot sign in (DEMO_PEOPLE=true lets them). Make a workspace of your own: npm run admin',
  );
  console.log(
    config.TRIBUTARY_CONSOLE === 'on'
      ? `Open ${new URL('/', tributary.url).href} in a browser for the console, and the address above for GraphiQL.`
      : 'Open the address in a browser for GraphiQL.',
    `Ctrl-C stops it; data is kept in ${config.dataDirectory}.`,
  );
  // Whoever started this process may have waited with work of lower importance.
  process.send?.('ready');
}, explain);

/** What the person at the terminal can do about a start that failed. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof EmbeddedPostgresError) return error.message;
  if (isListenFault(error)) {
    const { HOST, PORT } = readEmbeddedConfig();
    if (error.code === 'EADDRINUSE')
      return `Port ${PORT} of ${HOST} is taken. Stop what listens there, or choose another: PORT=4001 npm start`;
    if (error.code === 'EACCES')
      return `Port ${PORT} of ${HOST} may not be opened by this user. Choose one above 1023: PORT=4000 npm start`;
    return `${HOST} is not an address of this machine. Set HOST to one that is, such as 127.0.0.1.`;
  }
  return `Tributary could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

function isListenFault(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen';
}
