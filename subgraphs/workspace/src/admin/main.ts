import { parseArgs } from 'node:util';
import { Database } from '@tributary/data';
import { isCodedError } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { runAsProcess } from '@tributary/server';
import { createWorkspaceWithOwner } from '../domain/createWorkspace.js';
import { invitationLifeMs } from '../domain/Invitations.js';
import { entities } from '../storage/entities.js';
import { readAdminConfig } from './config.js';

const usage = `Usage: npm run admin -- create-workspace --slug acme --name "Acme Corporation" --owner-email you@example.com

Creates a workspace and prints a link with which its owner sets a password, once, within 7 days.
DATABASE_URL names the database (role app), PUBLIC_URL where people reach the gateway (default http://127.0.0.1:4000).`;

await runAsProcess(async () => {
  const options = {
    slug: { type: 'string' },
    name: { type: 'string' },
    'owner-email': { type: 'string' },
    help: { type: 'boolean' },
  } as const;
  let parsed;
  try {
    parsed = parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error));
  }
  const { slug, name, 'owner-email': ownerEmail, help } = parsed.values;
  if (help) return console.log(usage);
  const [command] = parsed.positionals;
  if (command !== 'create-workspace') return complain(command ? `There is no command ${command}.` : 'Which command?');
  if (!slug || !name || !ownerEmail) return complain('create-workspace needs --slug, --name and --owner-email.');
  await createWorkspace({ slug, name, ownerEmail });
});

async function createWorkspace(input: { slug: string; name: string; ownerEmail: string }): Promise<void> {
  const config = readAdminConfig();
  const logger = createLogger({ name: 'admin', level: 'warn' });
  const database = await Database.open({
    url: config.DATABASE_URL,
    entities,
    logger,
    poolSize: 1,
    applicationName: 'tributary-admin',
  });
  try {
    const { invitationToken } = await createWorkspaceWithOwner(database, input);
    // In the fragment, which browsers send to nobody: not to our logs either.
    const link = new URL(`/auth/accept#token=${invitationToken}`, config.PUBLIC_URL);
    console.log(
      `Workspace ${input.slug} is created. Its owner sets a password here, once, within ${invitationLifeMs / 86_400_000} days:\n${link.href}`,
    );
  } catch (error) {
    if (!isCodedError(error)) throw error;
    complain(error.message);
  } finally {
    await database.close();
  }
}

function complain(message: string): void {
  process.stderr.write(`${message}\n\n${usage}\n`);
  process.exitCode = 1;
}
